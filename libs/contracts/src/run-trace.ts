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

/** Milliseconds of one tile at each level. */
export const TRACE_TILE_MS = [1, 8, 64, 512, 4096] as const;
/** Lanes of goroutines in one question, marks in one answer, and spans, above which there are tiles alone. */
export const MOST_TRACE_LANES = 128;
export const MOST_TRACE_MARKS = 1000;
export const MOST_TRACE_SPANS = 5000;
/** Tiles of one lane in one answer: more than a screen has pixels. */
export const MOST_TRACE_TILES_A_LANE = 4096;

const numbersSchema = (most: number) =>
  z
    .string()
    .max(20 * most)
    .regex(/^(\d{1,16}(,\d{1,16})*)?$/)
    .transform((text) => (text === '' ? [] : text.split(',').map(Number)))
    .refine((numbers) => numbers.length <= most, { message: `At most ${most} lanes at once.` });

/** Which part of a trace is looked at: the query of `getTraceView`. */
export const traceViewQuerySchema = z.object({
  fromMs: z.coerce.number().min(0).max(1e9),
  toMs: z.coerce.number().min(0).max(1e9),
  /** Of the tiles, 0 the finest. Goroutines have none below 2. */
  level: z.coerce.number().int().min(0).max(4),
  /** Goroutines whose lanes are in sight, with commas between. All goroutines together and processors always come. */
  goroutines: numbersSchema(MOST_TRACE_LANES).default([]),
});
export type TraceViewQuery = z.output<typeof traceViewQuerySchema>;

/** What there is to look at in a trace, so far. */
export const traceOverviewSchema = z
  .object({
    toMs: z.number(),
    /** Processors that ran something, by number. */
    procs: z.array(z.int()),
    /** Those that did something and have a lane, in the order in which they were first seen. */
    goroutines: z.array(
      z.object({
        id: z.number(),
        function: z.string(),
        createdBy: callSchema.nullable(),
        createdIn: z.number(),
        /** From its first to its last state that is known. */
        fromMs: z.number(),
        toMs: z.number(),
        runningMs: z.number(),
      }),
    ),
    /** Goroutines without a lane: the trace was of too many. */
    goroutinesLeftOut: z.int(),
    events: z.number(),
    spansLeftOut: z.number(),
  })
  .meta({ id: 'TraceOverview' });
export type TraceOverview = z.infer<typeof traceOverviewSchema>;

/** The part of a trace that was asked for; tuples as in the event of a run. */
export const traceViewSchema = z
  .object({
    tiles: traceBodySchema.shape.tiles,
    /** Of the lanes in sight, and all that ran on a processor; empty when there are more than can be drawn. */
    spans: traceBodySchema.shape.spans,
    /** There are more spans here than can be told at once: zoom in. */
    spansCut: z.boolean(),
    reasons: z.array(z.string()),
    calls: z.array(callSchema),
    marks: traceBodySchema.shape.marks,
    marksCut: z.boolean(),
  })
  .meta({ id: 'TraceView' });
export type TraceView = z.infer<typeof traceViewSchema>;
