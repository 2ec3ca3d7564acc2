import { z } from 'zod';
import { MOST_FUZZ_MS } from './run-fuzz.ts';

/** Values of one benchmark in one unit: sec/op, B/op, allocs/op, B/s, or one of its own. */
export const benchmarkValuesSchema = z.object({
  /** Without the suffix for GOMAXPROCS: `BenchmarkQueue/full`. */
  name: z.string().max(512),
  unit: z.string().max(512),
  values: z.array(z.number()).max(100),
});
export type BenchmarkValues = z.infer<typeof benchmarkValuesSchema>;

/** How tests and benchmarks run; what is left out is as the runner does it by itself. */
export const testOptionsSchema = z.strictObject({
  /** How often each test or benchmark runs; 0 is once, and six times for benchmarks. */
  count: z.int().min(0).max(100).default(0),
  /** `on`, or the seed of an order that was told before; empty keeps the order of the source. */
  shuffle: z
    .string()
    .regex(/^(on|-?\d{1,18})?$/)
    .default(''),
  /** How long one measurement of a benchmark takes; 0 is 200 ms. */
  benchMs: z.int().min(0).max(10_000).default(0),
  /** Counts how often each block of the module's code runs. Kind test only. */
  coverage: z.boolean().default(false),
  /** Generates inputs for this target, after its seeds passed. Kind test only, and by itself; empty for none. */
  fuzz: z
    .string()
    .regex(/^(Fuzz[\p{L}\p{N}_]{0,100})?$/u)
    .default(''),
  /** For how long; 0 is 10 s. */
  fuzzMs: z.int().min(0).max(MOST_FUZZ_MS).default(0),
  /** Benchmarks of an earlier run, or of another group's, to compare with. */
  previous: z.array(benchmarkValuesSchema).max(500).default([]),
});
export type TestOptions = z.infer<typeof testOptionsSchema>;

/** The median and the interval in which it lies with this confidence; 0 when there are too few values for one. */
const intervalShape = { center: z.number(), low: z.number(), high: z.number() };

/** How quiet the machine was while something was measured. */
export const quietSchema = z.object({
  /** Nothing else ran or was built by the runner meanwhile. */
  alone: z.boolean(),
  /** How many cores others kept busy, on average. Above 0.2 the figures are not to be trusted. */
  otherCores: z.number(),
  cores: z.int(),
});
export type Quiet = z.infer<typeof quietSchema>;

/** Bodies of events about tests and benchmarks beside their outcomes. Benchmarks are self-reported. */
export const testBodySchemas = [
  /** With this seed the tests run in the same order again. A string: it may need 64 bits. */
  z.object({ type: z.literal('shuffled'), seed: z.string() }),
  z.object({
    type: z.literal('benchmark'),
    ...benchmarkValuesSchema.shape,
    ...intervalShape,
    confidence: z.number(),
    warnings: z.array(z.string()),
    /** Null when no earlier values of it were given. */
    comparison: z
      .object({
        previous: z.object(intervalShape),
        /** The probability that values differ so much by chance (Mann-Whitney U). */
        p: z.number(),
        /** `p` is below `alpha`. */
        differs: z.boolean(),
        alpha: z.number(),
        /** center / previous center - 1. */
        change: z.number(),
      })
      .nullable(),
  }),
] as const;
