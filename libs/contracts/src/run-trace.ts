import { z } from 'zod';

/** What a goroutine does; `idle` is a processor without one. */
export const traceStateSchema = z.enum(['running', 'runnable', 'waiting', 'syscall', 'idle']);
export type TraceState = z.infer<typeof traceStateSchema>;

/** A call in a trace. `path` names a file of the workspace only when `inWorkspace`. */
const callSchema = z.object({
  function: z.string(),
  path: z.string(),
  line: z.int(),
  inWorkspace: z.boolean(),
});

/**
 * What an execution trace says about one part of a run, in milliseconds since the trace began. A span is one goroutine in
 * one state; only some are told. Tiles sum a lane over an interval, at several widths: 1 ms times 8 to the power of
 * `level`. In the lane of a goroutine what is missing is waiting; in that of a processor, idle.
 */
export const traceBodySchema = z.object({
  type: z.literal('trace'),
  fromMs: z.number(),
  toMs: z.number(),
  goroutines: z.array(
    z.object({
      id: z.number(),
      function: z.string(),
      createdBy: callSchema.nullable(),
      createdIn: z.number(),
    }),
  ),
  /** [goroutine, state, from, to, processor or -1, why it waits (of `reasons`), where (of `calls`), each -1 for none]. */
  spans: z.array(z.tuple([z.number(), traceStateSchema, z.number(), z.number(), z.int(), z.int(), z.int()])),
  reasons: z.array(z.string()),
  calls: z.array(callSchema),
  /** [lane, id, level, index, running, runnable, waiting, in system calls, changes of state]; times in milliseconds. */
  tiles: z.array(
    z.tuple([
      z.enum(['proc', 'goroutine', 'all']),
      z.number(),
      z.int(),
      z.int(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.int(),
    ]),
  ),
  marks: z.array(
    z.object({
      kind: z.enum(['range', 'region', 'task', 'log']),
      name: z.string(),
      text: z.string(),
      fromMs: z.number(),
      toMs: z.number(),
      goroutine: z.number(),
    }),
  ),
  /** Events of the trace behind it, and spans that are in its tiles only. */
  events: z.number(),
  spansLeftOut: z.number(),
});
export type TraceBody = z.infer<typeof traceBodySchema>;
