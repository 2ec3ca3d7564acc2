import { z } from 'zod';

const valuesOf = (value: z.ZodString) => z.array(value).min(1).max(16);
const repeat = z.int().min(1).max(10).default(1);

/** One program run once for each value of a parameter; `argument` is its last one. At most 64 runs in all. */
export const sweepSchema = z
  .discriminatedUnion('parameter', [
    z.strictObject({
      parameter: z.literal('GOMAXPROCS'),
      values: valuesOf(z.string().regex(/^[1-9]\d{0,2}$/)),
      repeat,
    }),
    z.strictObject({
      parameter: z.literal('GOGC'),
      values: valuesOf(z.string().regex(/^(off|\d{1,5})$/)),
      repeat,
    }),
    z.strictObject({
      parameter: z.literal('GOMEMLIMIT'),
      values: valuesOf(z.string().regex(/^(off|\d{1,13}(B|KiB|MiB|GiB|TiB)?)$/)),
      repeat,
    }),
    z.strictObject({
      parameter: z.literal('argument'),
      values: valuesOf(
        z
          .string()
          .max(25)
          .regex(/^[^\0]*$/),
      ),
      repeat,
    }),
  ])
  .refine(({ values, repeat: times }) => values.length * times <= 64, {
    path: ['repeat'],
    message: 'A sweep has at most 64 runs.',
  });
export type Sweep = z.infer<typeof sweepSchema>;

/** One run of a sweep, with the figures of an end. Those of one sweep can be compared: same program, same machine. */
export const sweepPointBodySchema = z.object({
  type: z.literal('sweep_point'),
  value: z.string(),
  /** Which run of this value, from 1. */
  attempt: z.int(),
  verdict: z.enum(['passed', 'failed', 'timed_out', 'limited', 'cancelled', 'errored']),
  exitCode: z.int(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMemoryBytes: z.int(),
  /** Collections, when the run has the signal `gctrace`; else 0. */
  gcCycles: z.int(),
  reason: z.string(),
});
export type SweepPoint = z.infer<typeof sweepPointBodySchema>;
