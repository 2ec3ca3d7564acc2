import type { EditorView } from '@codemirror/view';
import type { FileEntry } from '@lineage/collab';
import type { WorkspaceId } from '@lineage/contracts';
import { useState, type ReactNode } from 'react';
import { useCommand } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { announce, Button, ErrorLine } from '../../shared/ui/index.ts';
import { undoOf } from './codemirror/own-undo.ts';
import css from './workspace-editor.module.css';

type Options = {
  readonly workspaceId: WorkspaceId;
  readonly view: { readonly current: EditorView | null };
  readonly file: FileEntry | null;
  readonly enabled: boolean;
};

/**
 * Offers gofmt of the file in front, by command and key. It is the editor of whoever asks that changes the text, so the
 * others see an edit like every other, and it is undone as one. The answer is what there is to say about it.
 */
export function useFormatting({ workspaceId, view, file, enabled }: Options): ReactNode {
  const { t } = useTranslation('editor');
  const [problem, setProblem] = useState<string | null>(null);
  const formatSource = useCommand('formatSource');
  const format = async (text: FileEntry['text'], path: string): Promise<void> => {
    if (formatSource.isPending) return;
    setProblem(null);
    const editor = view.current;
    const before = text.toString();
    const [{ content, diagnostics }, { applyFormatted }] = await Promise.all([
      formatSource.mutateAsync({ params: { workspaceId }, body: { path, content: before } }),
      import('./codemirror/format-view.ts'),
    ]);
    const [first] = diagnostics;
    if (first !== undefined) {
      setProblem(t('format.problem', { line: first.line, message: first.message }));
      return;
    }
    // Another file may have come to the front meanwhile: it has an editor of its own.
    if (editor === null || editor !== view.current || editor.state.readOnly) return;
    undoOf(text).stopCapturing();
    const changed = content !== null && applyFormatted(editor, before, content);
    undoOf(text).stopCapturing();
    announce(t(changed ? 'format.done' : 'format.nothing'));
  };
  useCommands([
    {
      id: 'file.format',
      name: t('format.command'),
      keys: 'mod+s',
      group: t('command.group'),
      enabled: enabled && file !== null && file.path.endsWith('.go'),
      run: () => {
        // A refusal is shown from the command's own state.
        if (file !== null) format(file.text, file.path).catch(() => undefined);
      },
    },
  ]);
  if (problem === null && formatSource.error === null) return null;
  return (
    <div className={css.line} data-tone="bad" role="alert">
      {problem === null ? <ErrorLine error={formatSource.error} /> : <p>{problem}</p>}
      <Button
        onClick={() => {
          setProblem(null);
          formatSource.reset();
        }}
      >
        {t('format.close')}
      </Button>
    </div>
  );
}
