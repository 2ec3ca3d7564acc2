import { X } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import type * as Y from 'yjs';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Button, IconButton } from '../../shared/ui/index.ts';
import css from './file-tabs.module.css';

export type DeletedFile = {
  readonly doc: Y.Doc;
  readonly id: string;
  readonly path: string;
  readonly content: string;
};

/** Long enough to notice what is missing and reach the button by keyboard. */
const SHOWN_MS = 15_000;

/** Says which file went, with the way back; it waits while somebody is at it. */
export function UndoDelete({
  file,
  onUndo,
  onGone,
}: {
  file: DeletedFile;
  onUndo: (() => void) | null;
  onGone: () => void;
}) {
  const { t } = useTranslation('editor');
  const [held, setHeld] = useState(false);
  const gone = useEffectEvent(onGone);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => gone(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    <div
      className={css.toast}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{t('files.deleted', { path: file.path })}</span>
      {onUndo !== null && <Button onClick={onUndo}>{t('action.undo')}</Button>}
      <IconButton name={t('action.dismiss')} onClick={onGone}>
        <X size={15} />
      </IconButton>
    </div>
  );
}
