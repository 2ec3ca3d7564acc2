import { FlamePane, type ProfileDrawing } from './flame-pane.tsx';
import type { RunFold } from './fold-run.ts';
import type { Source } from './output-line.tsx';
import { OutputPane } from './output-pane.tsx';
import { TestsPane } from './tests-pane.tsx';

export { RunPicker } from './run-picker.tsx';
export { SayVerdict } from './say-verdict.tsx';
export { StageStrip } from './stage-strip.tsx';

type Props = {
  tab: 'output' | 'tests' | 'flame';
  runId: string;
  fold: RunFold;
  source: Source;
  canType: boolean;
  isProfiled: boolean;
  drawing: ProfileDrawing;
  onTab: (tab: string) => void;
  onRunTest: ((fullName: string) => void) | null;
};

/** What every run gives: output, tests and profiles. Loaded with the first run, for a page without one needs none of it. */
export function RunPanes({
  tab,
  runId,
  fold,
  source,
  canType,
  isProfiled,
  drawing,
  onTab,
  onRunTest,
}: Props) {
  switch (tab) {
    case 'output':
      return (
        <OutputPane key={runId} runId={runId} fold={fold} canType={canType} source={source} onTab={onTab} />
      );
    case 'tests':
      return <TestsPane fold={fold} source={source} onRunTest={onRunTest} />;
    case 'flame':
      return <FlamePane key={runId} {...{ runId, fold, isProfiled, drawing }} />;
  }
}
