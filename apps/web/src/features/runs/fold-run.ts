import type {
  Artifact,
  GcRecord,
  InitRecord,
  MetricsSample,
  Remark,
  RunEvent,
  RunEventBody,
  SchedRecord,
  StageName,
} from '@lineage/contracts';

type Body<T extends RunEventBody['type']> = Extract<RunEventBody, { type: T }>;

/** A stretch of one stream, as it came. */
export type OutputPiece = {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly droppedBefore: number;
};
export type Stage = {
  readonly name: StageName;
  readonly ms: number | null;
  readonly detail: string;
  readonly place: number | null;
  /** How long it will wait in the queue, as far as that is known. */
  readonly waitMs: number | null;
  /** What the fast build could not take; null when it took it all. */
  readonly why: string | null;
};
export type TestNode = {
  readonly name: string;
  readonly fullName: string;
  outcome: Body<'test'>['outcome'];
  durationMs: number;
  output: string;
  readonly tests: TestNode[];
};

/** Everything a viewer shows of a run: the fold of its events. */
export type RunFold = {
  readonly stages: readonly Stage[];
  readonly diagnostics: readonly Body<'diagnostic'>[];
  readonly output: readonly OutputPiece[];
  readonly tests: readonly TestNode[];
  readonly artifacts: readonly Artifact[];
  readonly crash: Body<'crash'> | null;
  readonly races: readonly Body<'race'>[];
  readonly formatted: readonly Body<'formatted'>[];
  readonly remarks: readonly Remark[];
  readonly metrics: readonly MetricsSample[];
  readonly gc: readonly GcRecord[];
  readonly sched: readonly SchedRecord[];
  readonly inits: readonly InitRecord[];
  /** Lines of the runtime that were printed and are in none of the three above. */
  readonly recordsLeftOut: number;
  readonly benchmarks: readonly Body<'benchmark'>[];
  readonly sweep: readonly Body<'sweep_point'>[];
  /** How far the execution trace goes; null while there is none. */
  readonly trace: { readonly toMs: number; readonly events: number } | null;
  readonly assembly: readonly Body<'assembly'>[];
  /** What the run was asked for, where it matters to those who look on. */
  readonly given: Body<'given'> | null;
  /** Parts of the CPU profile, as they came while the program ran. */
  readonly windows: readonly Body<'window'>[];
  readonly coverage: readonly Body<'coverage'>[];
  /** How far fuzzing is; null before it says so. */
  readonly fuzz: Body<'fuzz_progress'> | null;
  readonly fuzzFailures: readonly Body<'fuzz_failure'>[];
  readonly crossBuilt: readonly Body<'cross_built'>[];
  /** With this seed the tests run in the same order again; null when they ran in that of the source. */
  readonly shuffleSeed: string | null;
  readonly end: Body<'end'> | null;
};

export function foldRun(events: readonly RunEvent[]): RunFold {
  const stages = new Map<StageName, Stage>();
  const diagnostics: Body<'diagnostic'>[] = [];
  const output: OutputPiece[] = [];
  const tests: TestNode[] = [];
  const artifacts: Artifact[] = [];
  const races: Body<'race'>[] = [];
  const formatted: Body<'formatted'>[] = [];
  const remarks: Remark[] = [];
  const metrics: MetricsSample[] = [];
  const gc: GcRecord[] = [];
  const sched: SchedRecord[] = [];
  const inits: InitRecord[] = [];
  let recordsLeftOut = 0;
  const benchmarks: Body<'benchmark'>[] = [];
  const windows: Body<'window'>[] = [];
  const coverage: Body<'coverage'>[] = [];
  let fuzz: Body<'fuzz_progress'> | null = null;
  const fuzzFailures: Body<'fuzz_failure'>[] = [];
  const crossBuilt: Body<'cross_built'>[] = [];
  const sweep: Body<'sweep_point'>[] = [];
  const assembly: Body<'assembly'>[] = [];
  let given: Body<'given'> | null = null;
  const traces: Body<'trace'>[] = [];
  let shuffleSeed: string | null = null;
  let crash: Body<'crash'> | null = null;
  let end: Body<'end'> | null = null;
  for (const { body } of events) {
    switch (body.type) {
      case 'stage':
        stages.set(body.stage, {
          name: body.stage,
          ms: body.finished ? body.durationMs : null,
          detail: body.detail,
          place: body.place,
          waitMs: body.waitMs ?? null,
          why: body.why ?? null,
        });
        break;
      case 'diagnostic':
        diagnostics.push(body);
        break;
      case 'output':
        output.push({ stream: body.stream, text: body.text, droppedBefore: body.droppedBefore });
        break;
      case 'test':
        addTest(tests, body);
        break;
      case 'artifact':
        artifacts.push(body.artifact);
        break;
      case 'crash':
        crash = body;
        break;
      case 'race':
        races.push(body);
        break;
      case 'formatted':
        formatted.push(body);
        break;
      case 'remarks':
        remarks.push(...body.remarks);
        break;
      case 'records':
        gc.push(...body.gc);
        sched.push(...body.sched);
        inits.push(...body.inits);
        recordsLeftOut += body.leftOut;
        break;
      case 'metrics':
        metrics.push(...body.samples);
        break;
      case 'shuffled':
        shuffleSeed = body.seed;
        break;
      case 'benchmark':
        benchmarks.push(body);
        break;
      case 'fuzz_progress':
        fuzz = body;
        break;
      case 'fuzz_failure':
        fuzzFailures.push(body);
        break;
      case 'cross_built':
        crossBuilt.push(body);
        break;
      case 'coverage':
        coverage.push(body);
        break;
      case 'window':
        windows.push(body);
        break;
      case 'sweep_point':
        sweep.push(body);
        break;
      case 'assembly':
        assembly.push(body);
        break;
      case 'given':
        given = body;
        break;
      case 'trace':
        traces.push(body);
        break;
      case 'end':
        end = body;
    }
  }
  const found = {
    crash,
    races,
    formatted,
    remarks,
    metrics,
    gc,
    sched,
    inits,
    recordsLeftOut,
    benchmarks,
    coverage,
    crossBuilt,
    fuzz,
    fuzzFailures,
    windows,
    sweep,
    trace: extentOf(traces),
    assembly,
    given,
    shuffleSeed,
  };
  return { stages: [...stages.values()], diagnostics, output, tests, artifacts, ...found, end };
}

function extentOf(traces: readonly Body<'trace'>[]): RunFold['trace'] {
  if (traces.length === 0) return null;
  return {
    toMs: Math.max(...traces.map(({ toMs }) => toMs)),
    events: traces.reduce((sum, { events }) => sum + events, 0),
  };
}

function addTest(roots: TestNode[], { name, outcome, durationMs, output }: Body<'test'>): void {
  let level = roots;
  let found: TestNode | undefined;
  let fullName = '';
  for (const part of name.split('/')) {
    fullName = fullName === '' ? part : `${fullName}/${part}`;
    found = level.find((node) => node.name === part);
    if (found === undefined) {
      found = { name: part, fullName, outcome: 'started', durationMs: 0, output: '', tests: [] };
      level.push(found);
    }
    level = found.tests;
  }
  if (found === undefined) return;
  found.outcome = outcome;
  found.durationMs = durationMs;
  found.output += output;
}
