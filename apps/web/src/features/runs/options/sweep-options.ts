import { sweepSchema, type Sweep } from '@lineage/contracts';
import { z } from 'zod';

export const sweepParameters = ['GOMAXPROCS', 'GOGC', 'GOMEMLIMIT', 'argument'] as const;
/** As often as the runner runs one value. */
export const MOST_SWEEP_REPEATS = 10;

/** As somebody filled it in: values in one line, an empty parameter for none. */
export const sweepOptionsSchema = z.object({
  parameter: z.enum(['', ...sweepParameters]),
  values: z.string(),
  repeat: z.int().min(1).max(MOST_SWEEP_REPEATS),
});
export type SweepOptions = z.infer<typeof sweepOptionsSchema>;

export const noSweep: SweepOptions = { parameter: '', values: '', repeat: 3 };

/** Null for no sweep, and for one that cannot be sent as it is. Blanks and commas part values; each is taken once. */
export function sweepOf({ parameter, values, repeat }: SweepOptions): Sweep | null {
  if (parameter === '') return null;
  const named = [...new Set(values.split(/[\s,，]+/).filter((value) => value !== ''))];
  return sweepSchema.safeParse({ parameter, values: named, repeat }).data ?? null;
}
