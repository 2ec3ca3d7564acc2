import type { EditorView } from '@codemirror/view';
import type { FileEntry } from '@lineage/collab';
import type { Blame, WorkspaceId } from '@lineage/contracts';
import { useEffect, useState } from 'react';
import { call } from '../../../shared/api/index.ts';
import { useFormat } from '../../../shared/i18n/index.ts';
import { useCommands } from '../../../shared/keyboard/index.ts';
import { announce } from '../../../shared/ui/index.ts';
import { blameAtCaret, showBlame } from '../codemirror/blame-gutter.ts';
import { blamedLines } from './blamed-lines.ts';
import { useBlameTexts } from './blame-texts.ts';

/** After a change, long enough for it to be saved and for the next words to come. */
const AGAIN_AFTER_MS = 2_000;

type Props = { view: EditorView; file: FileEntry; workspaceId: WorkspaceId; group: string };

/** Whose each line of a file is, beside the lines, told anew after changes for as long as it is shown. */
export function BlameGutter({ view, file, workspaceId, group }: Props) {
  const { t } = useBlameTexts();
  const { dateTime, date, time } = useFormat();
  const blame = useBlame(workspaceId, file, () => announce(t('failed')));
  useEffect(() => {
    if (blame === null) return;
    const today = date(new Date().toISOString());
    const lines = blamedLines(blame, {
      when: (instant) => (date(instant) === today ? time(instant) : dateTime(instant)),
      words: (person, when, others) => {
        const name = person?.name ?? t('somebody');
        return others === 0 ? t('line', { name, when }) : t('lineOthers', { name, when, count: others });
      },
      template: t('template'),
    });
    showBlame(view, lines);
  }, [view, blame, t, dateTime, date, time]);
  useEffect(() => () => showBlame(view, []), [view]);
  useCommands([
    {
      id: 'blame.atCaret',
      name: t('atCaret'),
      group,
      run: () => announce(blameAtCaret(view) ?? t('none')),
    },
  ]);
  return null;
}

function useBlame(workspaceId: WorkspaceId, { id, text }: FileEntry, onFailed: () => void): Blame | null {
  const [blame, setBlame] = useState<{ fileId: string; answer: Blame } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = (): void => {
      call('getBlame', { params: { workspaceId, fileId: id }, signal: stop.signal }).then(
        (answer) => {
          if (stop.signal.aborted) return;
          setBlame({ fileId: id, answer });
          // What is on its way to the disk is not in it.
          const told = answer.runs.reduce((sum, { lines }) => sum + lines, 0);
          if (told !== text.toString().split('\n').length) later();
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          reportError(error);
          onFailed();
        },
      );
    };
    const later = (): void => {
      clearTimeout(timer);
      timer = setTimeout(load, AGAIN_AFTER_MS);
    };
    load();
    text.observe(later);
    return () => {
      stop.abort();
      clearTimeout(timer);
      text.unobserve(later);
    };
  }, [workspaceId, id, text]);
  return blame !== null && blame.fileId === id ? blame.answer : null;
}
