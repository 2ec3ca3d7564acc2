import { z } from 'zod';
import { instantSchema } from './ids.ts';
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

/** What the runner does now, and what it did since the server started. Counts are by a closed set of names. */
export const runnerOverviewSchema = z
  .object({
    /** A sentence while nothing can be run; null while all is well. */
    trouble: z.string().nullable(),
    agents: z.array(agentSchema),
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
