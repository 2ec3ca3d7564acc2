import { lazy } from 'react';
import { coverageTexts } from '../coverage/texts.ts';
import { crossTexts } from '../cross/texts.ts';
import { fuzzTexts } from '../fuzz/texts.ts';
import type { Tab } from '../dock-tabs.ts';
import type { RunFold } from '../fold-run.ts';
import type { Source } from '../output-line.tsx';
import { AssemblyPane } from './assembly-pane.tsx';
import { BenchmarksPane } from './benchmarks-pane.tsx';
import { CrashPane } from './crash-pane.tsx';
import { RacesPane } from './races-pane.tsx';
import { remarkFilterOf } from './remark-groups.ts';
import { RemarksPane } from './remarks-pane.tsx';
import { RuntimePane } from './runtime-pane.tsx';
import { SweepPane } from './sweep-pane.tsx';
import { traceTexts } from '../trace/texts.ts';

const CoveragePane = lazy(async () => {
  const [{ CoveragePane: component }] = await Promise.all([
    import('../coverage/coverage-pane.tsx'),
    coverageTexts(),
  ]);
  return { default: component };
});

const CrossPane = lazy(async () => {
  const [{ CrossPane: component }] = await Promise.all([import('../cross/cross-pane.tsx'), crossTexts()]);
  return { default: component };
});

const TracePane = lazy(async () => {
  const [{ TracePane: component }] = await Promise.all([import('../trace/trace-pane.tsx'), traceTexts()]);
  return { default: component };
});

const FuzzPane = lazy(async () => {
  const [{ FuzzPane: component }] = await Promise.all([import('../fuzz/fuzz-pane.tsx'), fuzzTexts()]);
  return { default: component };
});

type Props = {
  runId: string;
  tab: Exclude<Tab, 'output' | 'tests' | 'flame'>;
  fold: RunFold;
  source: Source;
  remarks: string | undefined;
  onRemarks: (filter: string) => void;
};

/** What the runtime and the compiler say of a program, one kind at a time. */
export function FindingsPane({ runId, tab, fold, source, remarks, onRemarks }: Props) {
  switch (tab) {
    case 'crash':
      return fold.crash === null ? null : <CrashPane crash={fold.crash} source={source} />;
    case 'runtime':
      return <RuntimePane fold={fold} />;
    case 'bench':
      return <BenchmarksPane fold={fold} />;
    case 'coverage':
      return <CoveragePane files={fold.coverage} source={source} />;
    case 'assembly':
      return <AssemblyPane functions={fold.assembly} source={source} />;
    case 'sweep':
      return <SweepPane fold={fold} />;
    case 'cross':
      return <CrossPane built={fold.crossBuilt} source={source} />;
    case 'trace':
      return (
        <TracePane
          file={fold.artifacts.find(({ kind }) => kind === 'trace')}
          runId={runId}
          extent={fold.trace}
          isLive={fold.end === null}
          source={source}
        />
      );
    case 'fuzz':
      return <FuzzPane fold={fold} source={source} />;
    case 'races':
      return <RacesPane races={fold.races} source={source} />;
    case 'remarks':
      return (
        <RemarksPane
          remarks={fold.remarks}
          filter={remarkFilterOf(remarks)}
          onFilter={onRemarks}
          source={source}
        />
      );
  }
}
