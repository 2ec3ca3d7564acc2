import { MAX_FILES, type FileEntry } from '@lineage/collab';
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Button } from '../../shared/ui/index.ts';
import css from './file-tabs.module.css';
import { newPathProblem } from './state/new-path.ts';

type Props = {
  files: readonly FileEntry[];
  renaming: FileEntry | null;
  onDone: (path: string) => void;
  onCancel: () => void;
};

/** Asks for a file's path; one that cannot be is refused with a sentence as it is typed. */
export function PathForm({ files, renaming, onDone, onCancel }: Props) {
  const { t } = useTranslation('editor');
  const [path, setPath] = useState(renaming?.ownPath ?? '');
  const [tried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const problemId = useId();
  const problem = newPathProblem(path, files, renaming?.id ?? null);
  const shown = problem !== null && (tried || path !== '') ? problem : null;
  useEffect(() => {
    const field = input.current;
    field?.focus();
    // The name without its ending is what people mean to change.
    field?.setSelectionRange(field.value.lastIndexOf('/') + 1, Math.max(0, field.value.lastIndexOf('.')));
  }, []);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (renaming !== null && path === renaming.path) onCancel();
    else if (problem === null) onDone(path);
  };
  return (
    <form
      className={css.form}
      onSubmit={onSubmit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onCancel();
      }}
    >
      <input
        ref={input}
        className={css.path}
        value={path}
        onChange={(event) => setPath(event.target.value)}
        aria-label={t('files.path')}
        aria-invalid={shown !== null}
        aria-describedby={shown === null ? undefined : problemId}
        placeholder="ring_test.go"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      <Button type="submit" look="primary">
        {t(renaming === null ? 'action.create' : 'action.rename')}
      </Button>
      <Button onClick={onCancel}>{t('action.cancel')}</Button>
      {shown !== null && (
        <p id={problemId} className={css.problem} role="alert">
          {t(`problem.${shown}`, { count: MAX_FILES })}
        </p>
      )}
    </form>
  );
}
