import {
  RunKind as WireKind,
  Signal,
  StageName as WireStage,
  Stream,
  TestOutcome as WireOutcome,
  Verdict as WireVerdict,
} from '@lineage/runner-protocol';
import type { Diagnostic, End, Quiet as WireQuiet, Stage, TestEvent } from '@lineage/runner-protocol';
import {
  limitSchema,
  type ProfileSignal,
  type Quiet,
  type RunEventBody,
  type RunKind,
  type StageName,
  type TestOutcome,
  type Verdict,
} from '@lineage/contracts';
import { storable } from '../output-text.ts';

/** The agent said something that the protocol does not allow; its stream is ended. */
export class AgentProtocolError extends Error {}

type Body<T extends RunEventBody['type']> = Extract<RunEventBody, { type: T }>;

const MESSAGE_CHARS = 4096;
const NAME_CHARS = 512;
const TEST_OUTPUT_CHARS = 64 * 1024;

export const wireKinds: Record<RunKind, WireKind> = {
  run: WireKind.RUN,
  test: WireKind.TEST,
  check: WireKind.CHECK,
  bench: WireKind.BENCH,
  race: WireKind.RACE,
  vet: WireKind.VET,
  format: WireKind.FORMAT,
  build: WireKind.BUILD,
  cross: WireKind.CROSS,
};

export const wireSignals: Record<ProfileSignal, Signal> = {
  cpu: Signal.CPU,
  heap: Signal.HEAP,
  allocs: Signal.ALLOCS,
  block: Signal.BLOCK,
  mutex: Signal.MUTEX,
  goroutine: Signal.GOROUTINE,
  goroutineleak: Signal.GOROUTINE_LEAK,
  trace: Signal.TRACE,
  metrics: Signal.METRICS,
  gctrace: Signal.GCTRACE,
  schedtrace: Signal.SCHEDTRACE,
  inittrace: Signal.INITTRACE,
};

const stages = new Map<WireStage, StageName>([
  [WireStage.QUEUE, 'queue'],
  [WireStage.PREPARE, 'prepare'],
  [WireStage.COMPILE, 'compile'],
  [WireStage.LINK, 'link'],
  [WireStage.RUN, 'run'],
  [WireStage.COLLECT, 'collect'],
]);

const outcomes = new Map<WireOutcome, TestOutcome>([
  [WireOutcome.STARTED, 'started'],
  [WireOutcome.PASSED, 'passed'],
  [WireOutcome.FAILED, 'failed'],
  [WireOutcome.SKIPPED, 'skipped'],
  [WireOutcome.MISSING, 'missing'],
]);

export const verdicts = new Map<WireVerdict, Verdict>([
  [WireVerdict.PASSED, 'passed'],
  [WireVerdict.FAILED, 'failed'],
  [WireVerdict.TIMED_OUT, 'timed_out'],
  [WireVerdict.LIMITED, 'limited'],
  [WireVerdict.CANCELLED, 'cancelled'],
  [WireVerdict.ERRORED, 'errored'],
]);

export function stageBody(stage: Stage): Body<'stage'> {
  return {
    type: 'stage',
    stage: known(stages, stage.name, 'stage'),
    finished: stage.finished,
    durationMs: stage.finished ? millis(stage.durationUs) : null,
    detail: storable(stage.detail, NAME_CHARS),
    place: stage.queuePlace === 0 ? null : stage.queuePlace,
    ...(stage.why === '' ? {} : { why: storable(stage.why, MESSAGE_CHARS) }),
  };
}

export function diagnosticBody(found: Diagnostic): Body<'diagnostic'> {
  return {
    type: 'diagnostic',
    path: storable(found.path, NAME_CHARS),
    line: found.line,
    column: found.column,
    message: storable(found.message, MESSAGE_CHARS),
    source: storable(found.source, NAME_CHARS),
    ...(found.rule === '' ? {} : { rule: storable(found.rule, NAME_CHARS) }),
  };
}

export function testBody(test: TestEvent): Body<'test'> {
  return {
    type: 'test',
    name: storable(test.name, NAME_CHARS),
    outcome: known(outcomes, test.outcome, 'test outcome'),
    durationMs: millis(test.durationUs),
    output: storable(test.output, TEST_OUTPUT_CHARS),
    ...(test.attempt > 1 ? { attempt: test.attempt } : {}),
  };
}

export function streamOf(stream: Stream): 'stdout' | 'stderr' {
  if (stream === Stream.STDOUT) return 'stdout';
  if (stream === Stream.STDERR) return 'stderr';
  throw new AgentProtocolError(`unknown stream ${stream}`);
}

export function endBody(end: End): Body<'end'> {
  const limit = limitSchema.safeParse(end.limit);
  if (end.limit !== '' && !limit.success) throw new AgentProtocolError('unknown limit');
  return {
    type: 'end',
    verdict: known(verdicts, end.verdict, 'verdict'),
    limit: limit.success ? limit.data : null,
    exitCode: end.exitCode,
    exitSignal: storable(end.exitSignal, NAME_CHARS),
    reason: storable(end.reason, MESSAGE_CHARS),
    wallMs: millis(end.wallUs),
    cpuMs: millis(end.cpuUs),
    peakMemoryBytes: count(end.peakMemoryBytes),
    stdoutBytes: count(end.stdoutBytes),
    stderrBytes: count(end.stderrBytes),
    selfReported: end.selfReported,
    noisy: end.noisy,
    ...(end.allAsleep ? { allAsleep: true } : {}),
    ...(end.quiet === undefined ? {} : { quiet: quietView(end.quiet) }),
  };
}

function quietView({ alone, otherCores, cores }: WireQuiet): Quiet {
  return { alone, otherCores: Number.isFinite(otherCores) ? Math.max(0, otherCores) : 0, cores };
}

/** Microseconds of the wire as milliseconds; never negative, whatever the agent says. */
export function millis(micros: bigint): number {
  return Math.max(0, Number(micros) / 1000);
}

/** A 64-bit count as a number that JSON carries exactly. */
export function count(value: bigint): number {
  return Number(value > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : value);
}

/** @throws AgentProtocolError for what the table has not */
export function known<K, V>(table: ReadonlyMap<K, V>, key: K, what: string): V {
  const value = table.get(key);
  if (value === undefined) throw new AgentProtocolError(`unknown ${what} ${String(key)}`);
  return value;
}
