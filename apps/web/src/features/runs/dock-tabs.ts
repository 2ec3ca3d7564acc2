import type { ProfileSignal, Run } from '@lineage/contracts';
import type { RunFold } from './fold-run.ts';

/** What of a run can be looked at, in the order of the dock. */
export const tabNames = [
  'output',
  'tests',
  'fuzz',
  'coverage',
  'cross',
  'bench',
  'sweep',
  'crash',
  'races',
  'remarks',
  'assembly',
  'runtime',
  'flame',
  'trace',
] as const;
export type Tab = (typeof tabNames)[number];
type ShownRun = Pick<Run, 'kind' | 'signals'>;

/** Signals that are told as spans, records and samples, and give no profile. */
const runtimeSignals: ReadonlySet<ProfileSignal> = new Set([
  'trace',
  'metrics',
  'gctrace',
  'schedtrace',
  'inittrace',
]);

/** Whether a run was asked for profiles. */
export const isProfiled = ({ signals }: Pick<Run, 'signals'>): boolean =>
  signals.some((signal) => !runtimeSignals.has(signal));

/** Whether the runtime said something of itself: samples, or lines that the run asked it to print. */
const hasRuntime = ({ metrics, gc, sched, inits }: RunFold): boolean =>
  metrics.length + gc.length + sched.length + inits.length > 0;

const isAssembly = ({ given }: RunFold): boolean => (given?.assembly ?? '') !== '';

/** The tabs of a run: those that every run has, and those that this one gave something for. */
export function tabsOf(run: ShownRun | undefined, fold: RunFold): Tab[] {
  const given: Record<Tab, boolean> = {
    output: true,
    tests: true,
    fuzz: fold.fuzz !== null || fold.fuzzFailures.length > 0,
    cross: fold.crossBuilt.length > 0,
    coverage: fold.coverage.length > 0,
    bench: fold.benchmarks.length > 0,
    sweep: fold.sweep.length > 0 || fold.given?.sweep != null,
    crash: fold.crash !== null,
    races: fold.races.length > 0,
    remarks: (run?.kind === 'build' && !isAssembly(fold)) || fold.remarks.length > 0,
    assembly: fold.assembly.length > 0,
    runtime: hasRuntime(fold),
    flame: true,
    trace: fold.trace !== null || run?.signals.includes('trace') === true,
  };
  return tabNames.filter((name) => given[name]);
}

/** Without a choice of tab, the one that this run is about. */
export function usualTab(run: ShownRun | undefined, fold: RunFold): Tab {
  if (run === undefined) return 'output';
  // A race is what such a run was for, whatever was measured beside it.
  if (run.kind === 'race' && fold.races.length > 0) return 'races';
  if (isProfiled(run)) return 'flame';
  if (run.signals.includes('trace')) return 'trace';
  if (fold.given?.sweep != null && fold.diagnostics.length === 0) return 'sweep';
  if (run.signals.length > 0 && hasRuntime(fold)) return 'runtime';
  if (run.kind === 'bench' && fold.benchmarks.length > 0) return 'bench';
  if (fold.fuzz !== null || fold.fuzzFailures.length > 0) return 'fuzz';
  if (run.kind === 'cross' && fold.crossBuilt.length > 0) return 'cross';
  if (fold.coverage.length > 0 && countOf('tests', fold) === 0) return 'coverage';
  // What does not compile has no remarks: its problems are in the output.
  if (fold.assembly.length > 0) return 'assembly';
  if (isAssembly(fold)) return 'output';
  if (run.kind === 'build' && fold.diagnostics.length === 0) return 'remarks';
  return run.kind === 'check' || run.kind === 'test' ? 'tests' : 'output';
}

/** The number beside a tab's name: what went wrong there. */
export function countOf(tab: Tab, fold: RunFold): number {
  if (tab === 'output') return fold.diagnostics.length;
  if (tab === 'fuzz') return fold.fuzzFailures.length;
  if (tab === 'races') return fold.races.length;
  if (tab === 'tests')
    return fold.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'missing').length;
  return 0;
}
