import type { SweepPoint } from '@lineage/contracts';

/** What can be compared of the runs of a sweep. */
export const sweepMeasures = ['wall', 'cpu', 'memory', 'collections'] as const;
export type SweepMeasure = (typeof sweepMeasures)[number];
/** How values of a measure are told. */
export const sweepUnits: Readonly<Record<SweepMeasure, 'count' | 'bytes' | 'ms'>> = {
  wall: 'ms',
  cpu: 'ms',
  memory: 'bytes',
  collections: 'count',
};

/** All runs of one value, in the order in which values were run. */
export type SweepRow = { readonly value: string; readonly points: readonly SweepPoint[] };

export function sweepRows(points: readonly SweepPoint[]): SweepRow[] {
  const byValue = Map.groupBy(points, ({ value }) => value);
  return [...byValue].map(([value, own]) => ({ value, points: own }));
}

export function amountOf(point: SweepPoint, measure: SweepMeasure): number {
  switch (measure) {
    case 'wall':
      return point.wallMs;
    case 'cpu':
      return point.cpuMs;
    case 'memory':
      return point.peakMemoryBytes;
    case 'collections':
      return point.gcCycles;
  }
}

/** Of the runs that passed; what was stopped half-way cannot be compared. Null without one. */
export function medianOf({ points }: SweepRow, measure: SweepMeasure): number | null {
  const values = points
    .filter(({ verdict }) => verdict === 'passed')
    .map((point) => amountOf(point, measure))
    .toSorted((a, b) => a - b);
  const middle = values.length >> 1;
  const upper = values[middle];
  if (upper === undefined) return null;
  return values.length % 2 === 1 ? upper : (upper + (values[middle - 1] ?? upper)) / 2;
}

/** The largest amount of any run: the right end of the chart. At least above zero. */
export const mostOfSweep = (points: readonly SweepPoint[], measure: SweepMeasure): number =>
  Math.max(Number.MIN_VALUE, ...points.map((point) => amountOf(point, measure)));
