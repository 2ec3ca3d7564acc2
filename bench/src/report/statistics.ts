export type Summary = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly samples: number;
};

/** Samples from which a percentile is worth saying: ten of them lie above it. */
const SAMPLES_FOR_P95 = 200;
const SAMPLES_FOR_P99 = 1_000;
const RESAMPLES = 10_000;

/** @throws RangeError when there are no samples */
export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    median: percentile(sorted, 0.5),
    min: percentile(sorted, 0),
    max: percentile(sorted, 1),
    ...(sorted.length >= SAMPLES_FOR_P95 ? { p95: percentile(sorted, 0.95) } : {}),
    ...(sorted.length >= SAMPLES_FOR_P99 ? { p99: percentile(sorted, 0.99) } : {}),
    samples: sorted.length,
  };
}

export const median = (samples: readonly number[]): number =>
  percentile(
    samples.toSorted((a, b) => a - b),
    0.5,
  );

/** Of sorted samples, between the two nearest ranks. @throws RangeError when there are none */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) throw new RangeError('there are no samples');
  return below + (above - below) * (rank - Math.floor(rank));
}

export type Pair = { readonly ours: number; readonly peer: number };

/** Our median over the peer's, with the 95 % interval of resampled pairs. */
export function ratioOf(pairs: readonly Pair[]): { ratio: number; interval: [number, number] } {
  const ratio = medianRatio(pairs);
  const resampled = Array.from({ length: RESAMPLES }, () => medianRatio(pairs.map(() => anyOf(pairs))));
  resampled.sort((a, b) => a - b);
  return { ratio, interval: [percentile(resampled, 0.025), percentile(resampled, 0.975)] };
}

const medianRatio = (pairs: readonly Pair[]): number =>
  median(pairs.map(({ ours }) => ours)) / median(pairs.map(({ peer }) => peer));

function anyOf<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new RangeError('there are no samples');
  return item;
}
