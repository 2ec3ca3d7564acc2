import { z } from 'zod';

/** One cycle of the garbage collector, from a line of `GODEBUG=gctrace=1`. Times are milliseconds, sizes MiB. */
export const gcRecordSchema = z.object({
  number: z.int(),
  atS: z.number(),
  /** Of all CPU time since the start, what the collector took. */
  cpuPercent: z.int(),
  /** By the clock: the pause before marking, marking, the pause after it. */
  clockMs: z.object({ sweep: z.number(), mark: z.number(), end: z.number() }),
  /** CPU time of the same; marking is that of assists, of workers, and of idle processors. */
  cpuMs: z.object({
    sweep: z.number(),
    assist: z.number(),
    background: z.number(),
    idle: z.number(),
    end: z.number(),
  }),
  heapMib: z.object({ start: z.int(), end: z.int(), live: z.int(), goal: z.int() }),
  stacksMib: z.int(),
  globalsMib: z.int(),
  procs: z.int(),
  forced: z.boolean(),
});
export type GcRecord = z.infer<typeof gcRecordSchema>;

/** What the scheduler holds at one moment, from a line of `GODEBUG=schedtrace`. */
export const schedRecordSchema = z.object({
  atMs: z.number(),
  gomaxprocs: z.int(),
  idleProcs: z.int(),
  threads: z.int(),
  spinningThreads: z.int(),
  idleThreads: z.int(),
  globalQueue: z.int(),
  /** Of each processor, and how often it has scheduled a goroutine. */
  localQueues: z.array(z.int()),
  ticks: z.array(z.number()),
});
export type SchedRecord = z.infer<typeof schedRecordSchema>;

/** The initialisation of one package, from a line of `GODEBUG=inittrace=1`. */
export const initRecordSchema = z.object({
  package: z.string(),
  atMs: z.number(),
  clockMs: z.number(),
  bytes: z.number(),
  allocs: z.number(),
});
export type InitRecord = z.infer<typeof initRecordSchema>;

/** What runtime/metrics said at one moment. Counters are totals since the program started. */
export const metricsSampleSchema = z.object({
  /** Since the harness of the program started, which is a few milliseconds after the program did. */
  atMs: z.number(),
  goroutines: z.number(),
  running: z.number(),
  runnable: z.number(),
  waiting: z.number(),
  inSyscall: z.number(),
  created: z.number(),
  threads: z.number(),
  gomaxprocs: z.number(),
  heapObjectsBytes: z.number(),
  heapLiveBytes: z.number(),
  heapGoalBytes: z.number(),
  stackBytes: z.number(),
  totalBytes: z.number(),
  allocatedBytes: z.number(),
  allocatedObjects: z.number(),
  gcCycles: z.number(),
  gcCpuS: z.number(),
  userCpuS: z.number(),
  mutexWaitS: z.number(),
  /** From runnable to running, of what was scheduled since the sample before. */
  schedLatencyP50S: z.number(),
  schedLatencyP99S: z.number(),
  /** The longest pause of the collector since the sample before. */
  gcPauseMaxS: z.number(),
});
export type MetricsSample = z.infer<typeof metricsSampleSchema>;

/** Bodies of events that come while a program runs. All of it was written by that program or beside it: forgeable. */
export const signalBodySchemas = [
  z.object({
    type: z.literal('records'),
    gc: z.array(gcRecordSchema),
    sched: z.array(schedRecordSchema),
    inits: z.array(initRecordSchema),
    /** Records that were printed since the last event and are not told. */
    leftOut: z.int(),
  }),
  z.object({ type: z.literal('metrics'), samples: z.array(metricsSampleSchema) }),
  /** What the CPU profile gathered in a part of the run, as a gzipped profile in base64. */
  z.object({
    type: z.literal('window'),
    signal: z.literal('cpu'),
    number: z.int(),
    fromMs: z.number(),
    toMs: z.number(),
    profile: z.base64(),
    /** Windows before this one that are not told. */
    leftOut: z.int(),
  }),
] as const;
