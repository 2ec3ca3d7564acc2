import { z } from 'zod';

/** The name of a fuzz target, as its function has it. */
export const fuzzTargetSchema = z.string().regex(/^Fuzz[\p{L}\p{N}_]{0,100}$/u);

/** The longest that one target is fuzzed in one run. */
export const MOST_FUZZ_MS = 300_000;

/** Bodies of events about fuzzing. Progress is read out of what the program prints, so forgeable by it. */
export const fuzzBodySchemas = [
  z.object({
    type: z.literal('fuzz_progress'),
    elapsedMs: z.number(),
    /** Inputs tried so far, and of them those that reached new code. */
    executions: z.int(),
    interesting: z.int(),
    workers: z.int(),
  }),
  /** An input with which the target fails: as a file of the workspace, the test fails without fuzzing. */
  z.object({
    type: z.literal('fuzz_failure'),
    target: z.string(),
    path: z.string(),
    /** In Go's corpus format; null when it is too long, or no text. */
    content: z.string().nullable(),
    sizeBytes: z.int(),
  }),
] as const;
export type FuzzProgress = Extract<z.infer<(typeof fuzzBodySchemas)[number]>, { type: 'fuzz_progress' }>;
export type FuzzFailure = Extract<z.infer<(typeof fuzzBodySchemas)[number]>, { type: 'fuzz_failure' }>;
