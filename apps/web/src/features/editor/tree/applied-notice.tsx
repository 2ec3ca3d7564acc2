import { useEffect } from 'react';
import type * as Y from 'yjs';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { announce, Button } from '../../../shared/ui/index.ts';
import { NoticeLine } from '../notice-line.tsx';
import type { AppliedTree } from './apply-tree.ts';

/** What was done to all files at once, in words, and the way back. */
export type Applied = { readonly doc: Y.Doc; readonly words: string; readonly tree: AppliedTree };

/** Stays until it is undone or dismissed: what changed many files is not missed within seconds. */
export function AppliedNotice({
  applied,
  canWrite,
  onGone,
}: {
  applied: Applied;
  canWrite: boolean;
  onGone: () => void;
}) {
  const { t } = useTranslation('editor');
  const { words, tree } = applied;
  useEffect(() => announce(words), [words]);
  const undo = (): void => {
    tree.undo();
    onGone();
  };
  return (
    <NoticeLine
      actions={[
        ...(canWrite
          ? [
              <Button key="undo" onClick={undo}>
                {t('action.undo')}
              </Button>,
            ]
          : []),
        <Button key="dismiss" onClick={onGone}>
          {t('action.dismiss')}
        </Button>,
      ]}
    >
      {words}
    </NoticeLine>
  );
}
