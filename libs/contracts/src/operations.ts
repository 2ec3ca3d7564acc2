import { z } from 'zod';
import { instantSchema, workspaceIdSchema } from './ids.ts';
import { runKindSchema, runStateSchema } from './runs.ts';

/** How well an agent isolates; below `restricted` it runs nothing. */
export const isolationLevelSchema = z.enum(['full', 'restricted', 'refused']);
export type IsolationLevel = z.infer<typeof isolationLevelSchema>;

/** One agent and what its layers were found to hold when it started. */
export const agentSchema = z.object({
  version: z.string(),
  goVersion: z.string(),
  level: isolationLevelSchema,
  /** What this level lacks, in a sentence; empty at the full level. */
  lacks: z.string(),
  buildSlots: z.int(),
  runSlots: z.int(),
  layers: z.array(z.object({ name: z.string(), holds: z.boolean(), detail: z.string() })),
});
export type Agent = z.infer<typeof agentSchema>;

/** A run that is under way or waits. Whose it is, is nothing that an operator has to know. */
export const openRunSchema = z.object({
  kind: runKindSchema,
  state: runStateSchema,
  isBatch: z.boolean(),
  since: instantSchema,
  /** Place in the queue, 1 is next; null when it has a slot. */
  place: z.int().nullable(),
});
export type OpenRun = z.infer<typeof openRunSchema>;

/** How long the newest of something took; quantiles are null while there were none. */
export const recentTimesSchema = z.object({
  count: z.int(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type RecentTimes = z.infer<typeof recentTimesSchema>;

/** Why a runner was of no use. */
export const runnerFailureWords = [
  'out_of_memory',
  'evicted',
  'too_old',
  'crashed',
  'deleted',
  'wedged',
  'unreachable',
  'unproven',
  'no_room',
  'no_image',
  'no_container',
  'slow_start',
  'orphaned',
] as const;
export const runnerFailureWordSchema = z.enum(runnerFailureWords);
export type RunnerFailureWord = z.infer<typeof runnerFailureWordSchema>;

/** Runners that are made as they are needed, on machines that come and go. */
export const runnerPoolOverviewSchema = z.object({
  machines: z.array(z.object({ name: z.string(), runners: z.int() })),
  pools: z.array(
    z.object({
      name: z.string(),
      /** How many should be warm now, by the settings and the timetable. */
      warmTarget: z.int(),
      /** The most there may be. */
      most: z.int(),
      starting: z.int(),
      warm: z.int(),
      claimed: z.int(),
      ending: z.int(),
      /** Groups that wait for one at this process. */
      pending: z.int(),
      /** Why one that is being made does not become ready. */
      trouble: runnerFailureWordSchema.nullable(),
    }),
  ),
  /** Of this process since it started: how often, and the newest first. */
  failures: z.object({
    counts: z.record(z.string(), z.number()),
    newest: z.array(
      z.object({ at: instantSchema, word: runnerFailureWordSchema, runner: z.string(), machine: z.string() }),
    ),
  }),
  /** From a group asking for a runner to the answer of its agent. */
  claims: recentTimesSchema,
});
export type RunnerPoolOverview = z.infer<typeof runnerPoolOverviewSchema>;

/** What the runner does now, and what it did since the server started. Counts are by a closed set of names. */
export const runnerOverviewSchema = z
  .object({
    /** A sentence while nothing can be run; null while all is well. */
    trouble: z.string().nullable(),
    agents: z.array(agentSchema),
    /** Null where runners are not made as they are needed. */
    pool: runnerPoolOverviewSchema.nullable(),
    slots: z.int(),
    runs: z.array(openRunSchema),
    limits: z.object({ runsAPerson: z.int(), runsAGroup: z.int(), runMs: z.int() }),
    /** Runs by verdict, builds by the way they took, runs by the limit that ended them, early builds by outcome. */
    counts: z.object({
      verdicts: z.record(z.string(), z.number()),
      builds: z.record(z.string(), z.number()),
      limits: z.record(z.string(), z.number()),
      early: z.record(z.string(), z.number()),
    }),
  })
  .meta({ id: 'RunnerOverview' });
export type RunnerOverview = z.infer<typeof runnerOverviewSchema>;

const roomsOfProcessSchema = z.object({
  /** Where the others reach it; empty when it is the only one. */
  address: z.string(),
  /** That answered. */
  isThis: z.boolean(),
  /** False while edits cannot be committed. */
  storageOk: z.boolean(),
  /** Open, sockets of its own, those of them whose room another process holds, and edits that wait for the disk. */
  rooms: z.int(),
  sockets: z.int(),
  relayed: z.int(),
  queued: z.int(),
  /** From the arrival of an edit to its durable acknowledgement. */
  commits: recentTimesSchema,
  /** Edits that were refused, and sockets that the server closed, by why. */
  refused: z.record(z.string(), z.number()),
  closed: z.record(z.string(), z.number()),
});
export type RoomsOfProcess = z.infer<typeof roomsOfProcessSchema>;

const openRoomSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** The address of the process that holds it. */
  holder: z.string(),
  sockets: z.int(),
  /** Sockets that another process relays. */
  relayed: z.int(),
  queued: z.int(),
  /** Edits since the last snapshot, which loading has to replay. */
  sinceSnapshot: z.int(),
  lastEditAt: instantSchema.nullable(),
});
export type OpenRoom = z.infer<typeof openRoomSchema>;

/** Rooms of every process that lives, the fullest first; at most so many of each process. */
export const MOST_ROOMS_SHOWN = 100;
export const roomsOverviewSchema = z
  .object({ processes: z.array(roomsOfProcessSchema), rooms: z.array(openRoomSchema) })
  .meta({ id: 'RoomsOverview' });
export type RoomsOverview = z.infer<typeof roomsOverviewSchema>;
