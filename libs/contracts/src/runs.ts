import { z } from 'zod';
import {
  artifactIdSchema,
  artifactLinkIdSchema,
  groupIdSchema,
  instantSchema,
  runIdSchema,
  workspaceIdSchema,
} from './ids.ts';
import { personSchema } from './identity.ts';
import { assemblyBodySchema } from './run-assembly.ts';
import { coverageBodySchema } from './run-coverage.ts';
import { crossBodySchema, crossTargetSchema } from './run-cross.ts';
import { diagnosticSchema } from './run-diagnostics.ts';
import { goExperimentSchema, goVersionSchema, takesExperiment } from './run-experiment.ts';
import { goroutineSchema, raceAccessSchema, remarkSchema } from './run-findings.ts';
import { fuzzBodySchemas } from './run-fuzz.ts';
import { signalBodySchemas } from './run-signals.ts';
import { sweepPointBodySchema, sweepSchema } from './run-sweep.ts';
import { traceBodySchema } from './run-trace.ts';
import { quietSchema, testBodySchemas, testOptionsSchema } from './run-tests.ts';

/**
 * `check` is graded by the exercise's hidden checks; `test` runs the learner's own tests. `vet`, `format`, `build` and
 * `cross` execute nothing: they give diagnostics, formatted files, remarks, and what was built for other systems.
 */
export const runKindSchema = z
  .enum(['run', 'test', 'check', 'bench', 'race', 'vet', 'format', 'build', 'cross'])
  .meta({ id: 'RunKind' });
export type RunKind = z.infer<typeof runKindSchema>;

/** Whether runs of this kind look at the source alone. */
export const executesNothing = (kind: RunKind): boolean =>
  kind === 'vet' || kind === 'format' || kind === 'build' || kind === 'cross';

export const runStateSchema = z
  .enum(['queued', 'building', 'running', 'passed', 'failed', 'timed_out', 'limited', 'cancelled', 'errored'])
  .meta({ id: 'RunState' });
export type RunState = z.infer<typeof runStateSchema>;
export const verdictSchema = z.enum(['passed', 'failed', 'timed_out', 'limited', 'cancelled', 'errored']);
export type Verdict = z.infer<typeof verdictSchema>;
export const limitSchema = z.enum(['cpu', 'memory', 'pids', 'disk', 'output']);

/**
 * What a run gathers: profiles and a trace as artifacts; of `cpu` windows too, and `metrics` and the runtime's own lines as
 * events, while it runs.
 */
export const profileSignalSchema = z.enum([
  'cpu',
  'heap',
  'allocs',
  'block',
  'mutex',
  'goroutine',
  'goroutineleak',
  'trace',
  'metrics',
  'gctrace',
  'schedtrace',
  'inittrace',
]);
export type ProfileSignal = z.infer<typeof profileSignalSchema>;

/** What of the environment a run may set, in the forms that the Go runtime reads; the agent takes no other name. */
export const runEnvSchema = z
  .strictObject({
    GOMAXPROCS: z.string().regex(/^[1-9]\d{0,2}$/),
    GOGC: z.string().regex(/^(off|\d{1,5})$/),
    GOMEMLIMIT: z.string().regex(/^(off|\d{1,13}(B|KiB|MiB|GiB|TiB)?)$/),
    GODEBUG: z
      .string()
      .max(200)
      .regex(/^[a-z0-9]+=[\w.+-]*(,[a-z0-9]+=[\w.+-]*)*$/),
    GOTRACEBACK: z.enum(['none', 'single', 'all', 'system']),
  })
  .partial();
export type RunEnv = z.infer<typeof runEnvSchema>;

/**
 * Sent as POST with an `Idempotency-Key` header. `lastFrame` is the number of the presser's last edit frame
 * (null when nothing was edited on this connection); the server waits until it is committed, at most 2 s.
 */
export const startRunSchema = z
  .strictObject({
    kind: runKindSchema,
    signals: z.array(profileSignalSchema).max(12).default([]),
    lastFrame: z.int().min(0).nullable().default(null),
    /** The room connection that `lastFrame` counts on; given by the server in its hello. */
    connectionId: z.string().max(64).nullable().default(null),
    /** Which tests or benchmarks, as for `go test -run`; empty for all. */
    pattern: z.string().max(200).default(''),
    args: z.array(z.string().max(1024)).max(32).default([]),
    env: runEnvSchema.default({}),
    /** All that the program reads; null leaves its input open for who types while it runs. */
    stdin: z.string().max(16_384).nullable().default(null),
    testing: testOptionsSchema.nullable().default(null),
    /** Nothing else of the runner's runs meanwhile. Benchmarks and runs with signals do so without asking. */
    alone: z.boolean().default(false),
    sweep: sweepSchema.nullable().default(null),
    /**
     * For benchmarks: whose values to compare with, in place of `testing.previous`: those of the workspace's last run of
     * them on another text, or of any run that the caller may see.
     */
    compareWith: z
      .union([z.literal('previous'), runIdSchema])
      .nullable()
      .default(null),
    /** For builds: tells the assembly of the functions whose names match this regular expression, instead of remarks. */
    assembly: z.string().max(200).default(''),
    /** Builds with this setting of GOEXPERIMENT; null for the release's own. */
    goExperiment: goExperimentSchema.nullable().default(null),
    /** Builds with this release, of those that the runner has prepared; null for the usual one. */
    goVersion: goVersionSchema.nullable().default(null),
    /** For `cross`: the systems to build for. */
    targets: z.array(crossTargetSchema).max(11).default([]),
  })
  .refine(({ kind, goExperiment }) => goExperiment === null || takesExperiment(kind), {
    path: ['goExperiment'],
    message: 'Experiments of Go are for programs, tests and benchmarks.',
  })
  .refine(
    ({ kind, goVersion, goExperiment }) =>
      goVersion === null || (takesExperiment(kind) && goExperiment === null),
    {
      path: ['goVersion'],
      message: 'Another release is for programs, tests and benchmarks, without an experiment.',
    },
  )
  .refine(({ kind, targets }) => (kind === 'cross') === targets.length > 0, {
    path: ['targets'],
    message: 'Systems to build for are named by runs of kind cross, and by each of those.',
  })
  .refine(({ targets }) => new Set(targets).size === targets.length, {
    path: ['targets'],
    message: 'A system is named once.',
  })
  .refine(({ kind, signals }) => signals.length === 0 || !executesNothing(kind), {
    path: ['signals'],
    message: 'This kind of run executes nothing, so there is nothing to measure.',
  })
  .refine(({ kind, testing }) => testing === null || ['test', 'bench', 'race'].includes(kind), {
    path: ['testing'],
    message: 'Only tests and benchmarks take options of tests.',
  })
  .refine(({ kind, testing }) => testing?.coverage !== true || kind === 'test', {
    path: ['testing', 'coverage'],
    message: 'Only tests count coverage.',
  })
  .refine(
    ({ kind, testing, pattern, signals }) =>
      testing === null ||
      (testing.fuzz === ''
        ? testing.fuzzMs === 0
        : kind === 'test' &&
          pattern === '' &&
          signals.length === 0 &&
          testing.count <= 1 &&
          testing.shuffle === '' &&
          !testing.coverage),
    {
      path: ['testing', 'fuzz'],
      message: 'A target is fuzzed by a run of tests, and by itself.',
    },
  )
  .refine(({ kind, assembly }) => assembly === '' || kind === 'build', {
    path: ['assembly'],
    message: 'Only a build tells assembly.',
  })
  .refine(({ kind, compareWith }) => compareWith === null || kind === 'bench', {
    path: ['compareWith'],
    message: 'Only benchmarks are compared.',
  })
  .refine(({ kind, sweep }) => sweep === null || kind === 'run', {
    path: ['sweep'],
    message: 'Only a program can be run over a parameter.',
  })
  .refine(
    ({ signals, sweep }) =>
      sweep === null || signals.every((one) => one.endsWith('trace') && one !== 'trace'),
    {
      path: ['signals'],
      message: 'Runs over a parameter take of signals only the lines of the runtime.',
    },
  );
export type StartRun = z.input<typeof startRunSchema>;

export const stdinSchema = z.strictObject({
  text: z.string().max(16_384),
  close: z.boolean().default(false),
});

export const artifactSchema = z
  .object({
    id: artifactIdSchema,
    runId: runIdSchema,
    name: z.string(),
    kind: z.enum(['profile', 'trace']),
    sizeBytes: z.int(),
    sha256: z.string(),
    truncated: z.boolean(),
  })
  .meta({ id: 'Artifact' });
export type Artifact = z.infer<typeof artifactSchema>;

export const hotFunctionSchema = z
  .object({ name: z.string(), share: z.number(), unit: z.string() })
  .meta({ id: 'HotFunction' });

export const runSchema = z
  .object({
    id: runIdSchema,
    workspaceId: workspaceIdSchema,
    groupId: groupIdSchema,
    kind: runKindSchema,
    signals: z.array(profileSignalSchema),
    state: runStateSchema,
    limit: limitSchema.nullable(),
    exitCode: z.int().nullable(),
    reason: z.string(),
    snapshotHash: z.string(),
    startedBy: personSchema,
    createdAt: instantSchema,
    finishedAt: instantSchema.nullable(),
    selfReported: z.boolean(),
    noisy: z.boolean(),
    lastSeq: z.int(),
    artifacts: z.array(artifactSchema),
    tests: z.object({ passed: z.int(), failed: z.int(), skipped: z.int() }).nullable(),
    hot: hotFunctionSchema.nullable(),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof runSchema>;

export const stageNameSchema = z.enum(['snapshot', 'queue', 'prepare', 'compile', 'link', 'run', 'collect']);
export type StageName = z.infer<typeof stageNameSchema>;

const testOutcomeSchema = z.enum(['started', 'passed', 'failed', 'skipped', 'missing']);
export type TestOutcome = z.infer<typeof testOutcomeSchema>;

/** A Go file as it stands on the screen of whoever wants it formatted. */
export const formatSourceSchema = z.strictObject({
  path: z.string().min(1).max(255),
  content: z.string().max(256 * 1024),
});

/** What gofmt makes of a file: null when nothing differs, or when it cannot be read, and then why. */
export const formattedSchema = z
  .object({ content: z.string().nullable(), diagnostics: z.array(diagnosticSchema) })
  .meta({ id: 'Formatted' });
export type Formatted = z.infer<typeof formattedSchema>;

/** A run of benchmarks that another one can be compared with. */
export const comparableRunSchema = z
  .object({
    id: runIdSchema,
    /** Whose text it was of, and whether that is the group that asks. */
    groupName: z.string(),
    isOwn: z.boolean(),
    startedBy: personSchema,
    createdAt: instantSchema,
    /** Others kept the machine busy meanwhile: a change against it is not to be relied on. Missing while it is not known. */
    noisy: z.boolean().optional(),
  })
  .meta({ id: 'ComparableRun' });
export type ComparableRun = z.infer<typeof comparableRunSchema>;

/** What happened in a run, in order. `seq` starts at 1 and has no gap; the fold of these is all a viewer shows. */
export const runEventBodySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stage'),
    stage: stageNameSchema,
    finished: z.boolean(),
    durationMs: z.number().nullable(),
    detail: z.string(),
    place: z.int().nullable(),
    /** How long it will wait in the queue, as runs go now; null or missing while that is not known. */
    waitMs: z.number().nullable().optional(),
    /** For a compilation by the go command: what the fast path could not take. */
    why: z.string().optional(),
  }),
  /** What the run was asked for, where who looks on has to know it to read what it gives. */
  z.object({
    type: z.literal('given'),
    sweep: sweepSchema.nullable(),
    comparedWith: comparableRunSchema.nullable(),
    /** The setting of GOEXPERIMENT that it was built with; missing for the release's own. */
    goExperiment: goExperimentSchema.optional(),
    /** The release that was asked for; missing for the usual one. */
    goVersion: goVersionSchema.optional(),
    /** Of a build that tells assembly: of which functions. */
    assembly: z.string().optional(),
  }),
  z.object({ type: z.literal('diagnostic'), ...diagnosticSchema.shape }),
  /** Valid Unicode: invalid bytes became U+FFFD and NUL became U+2400. `droppedBefore` counts bytes left out. */
  z.object({
    type: z.literal('output'),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string(),
    droppedBefore: z.int(),
  }),
  z.object({
    type: z.literal('test'),
    name: z.string(),
    outcome: testOutcomeSchema,
    durationMs: z.number(),
    output: z.string(),
    /** How often it ran, when that is known. One run that failed makes it failed. */
    attempt: z.int().optional(),
  }),
  /** Two accesses that nothing orders, the later one first. Read from what the program printed, so forgeable by it. */
  z.object({ type: z.literal('race'), accesses: z.array(raceAccessSchema) }),
  /** With what the Go runtime ended the program, taken apart; the goroutine that crashed first. Forgeable as a race is. */
  z.object({
    type: z.literal('crash'),
    /** `panic`, `fatal error` or `signal`. */
    kind: z.string(),
    message: z.string(),
    goroutines: z.array(goroutineSchema),
    /** More goroutines or calls were printed. */
    truncated: z.boolean(),
  }),
  /** A whole Go file as gofmt writes it, because it differs from what it is. */
  z.object({ type: z.literal('formatted'), path: z.string(), content: z.string() }),
  /** Some of what the compiler decided; a build says it in several of these. */
  z.object({ type: z.literal('remarks'), remarks: z.array(remarkSchema) }),
  ...signalBodySchemas,
  ...testBodySchemas,
  traceBodySchema,
  sweepPointBodySchema,
  assemblyBodySchema,
  coverageBodySchema,
  crossBodySchema,
  ...fuzzBodySchemas,
  z.object({ type: z.literal('artifact'), artifact: artifactSchema, hot: hotFunctionSchema.nullable() }),
  z.object({
    type: z.literal('end'),
    verdict: verdictSchema,
    limit: limitSchema.nullable(),
    exitCode: z.int(),
    exitSignal: z.string(),
    reason: z.string(),
    wallMs: z.number(),
    cpuMs: z.number(),
    peakMemoryBytes: z.int(),
    stdoutBytes: z.int(),
    stderrBytes: z.int(),
    selfReported: z.boolean(),
    noisy: z.boolean(),
    /** The runner found that all goroutines waited for one another, and ended the program. */
    allAsleep: z.boolean().optional(),
    /** Of runs that are measured. */
    quiet: quietSchema.optional(),
  }),
]);
export type RunEventBody = z.infer<typeof runEventBodySchema>;

export const runEventSchema = z
  .object({ runId: runIdSchema, seq: z.int().min(1), atMs: z.number(), body: runEventBodySchema })
  .meta({ id: 'RunEvent' });
export type RunEvent = z.infer<typeof runEventSchema>;

/**
 * A link names one artifact, is read-only, expires, can be revoked, and shows no more than its maker may see. The token
 * in it is kept as a hash, so its address is answered once.
 */
export const artifactLinkSchema = z
  .object({ id: artifactLinkIdSchema, url: z.string(), expiresAt: instantSchema })
  .meta({ id: 'ArtifactLink' });

/** A link that still opens its artifact, without its address. */
export const openArtifactLinkSchema = z
  .object({
    id: artifactLinkIdSchema,
    createdBy: personSchema,
    createdAt: instantSchema,
    expiresAt: instantSchema,
  })
  .meta({ id: 'OpenArtifactLink' });
export type OpenArtifactLink = z.infer<typeof openArtifactLinkSchema>;
