import type { RunEvent } from '@lineage/contracts';
import { useEffectEvent, useMemo } from 'react';
import type { EditorHandle, LineAids } from '../../features/editor/index.ts';
import { useLineCoverage, useLineRemarks } from '../../features/runs/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { announce } from '../../shared/ui/index.ts';

type Options = {
  readonly editor: EditorHandle | null;
  /** Of the run that is shown. */
  readonly events: readonly RunEvent[];
  /** Which of the compiler's remarks are shown. */
  readonly remarks: string | undefined;
  readonly onRunTest: ((name: string) => void) | null;
};

/** What stands beside the lines of the editor, and the keys for what a pointer does there. */
export function useEditorAids({ editor, events, remarks: filter, onRunTest }: Options): LineAids {
  const { t: runs } = useTranslation('runs');
  const { t } = useTranslation('app');
  const remarks = useLineRemarks(events, filter);
  const coverage = useLineCoverage(events);
  const runTest = useEffectEvent((name: string) => onRunTest?.(name));
  const canRun = onRunTest !== null;
  const group = t('command.group.workspace');
  useCommands([
    {
      id: 'test.atCaret',
      name: runs('testAtCaret'),
      group,
      enabled: canRun,
      run: () => void editor?.testAtCaret().then((name) => name !== null && runTest(name), reportError),
    },
    {
      id: 'remarks.atCaret',
      name: runs('remarksAtCaret'),
      keys: 'mod+\\',
      group,
      enabled: remarks.length > 0,
      run: () =>
        void editor?.openRemarks().then((said) => announce(said ?? runs('noRemarksHere')), reportError),
    },
  ]);
  return useMemo(
    () => ({
      remarks,
      coverage,
      tests: canRun ? { label: (name: string) => runs('runTest', { name }), run: runTest } : null,
    }),
    [remarks, coverage, canRun, runs],
  );
}
