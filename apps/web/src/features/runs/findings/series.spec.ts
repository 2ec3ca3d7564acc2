import { metricsSampleSchema, type MetricsSample } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { lastOf, measures, mostOf, pathOf, schedSeriesOf, seriesOf } from './series.ts';

const zero = Object.fromEntries(Object.keys(metricsSampleSchema.shape).map((key) => [key, 0]));
const sample = (values: Partial<MetricsSample>): MetricsSample =>
  metricsSampleSchema.parse({ ...zero, ...values });

describe('a series', () => {
  it('is of each sample, and of totals how fast they grow', () => {
    const samples = [
      sample({ atMs: 100, goroutines: 3, allocatedBytes: 1_000 }),
      sample({ atMs: 200, goroutines: 9, allocatedBytes: 3_000 }),
      sample({ atMs: 300, goroutines: 4, allocatedBytes: 3_000 }),
    ];
    const goroutines = seriesOf('goroutines', samples);
    expect([lastOf(goroutines), mostOf(goroutines)]).toEqual([4, 9]);
    expect(seriesOf('allocated', samples).points).toEqual([
      [100, 10_000],
      [200, 20_000],
      [300, 0],
    ]);
  });

  it('of the scheduler adds up its queues, and is none of one line or of several programs', () => {
    const line = { gomaxprocs: 4, idleProcs: 1, threads: 6, spinningThreads: 0, idleThreads: 2, ticks: [] };
    const at = (atMs: number, globalQueue: number, localQueues: number[]) => ({
      ...line,
      atMs,
      globalQueue,
      localQueues,
    });
    const records = [at(0, 0, [0, 0, 0, 0]), at(100, 2, [1, 0, 5, 0])];
    expect(schedSeriesOf('waiting', records)?.points).toEqual([
      [0, 0],
      [100, 8],
    ]);
    expect(schedSeriesOf('busy', records)?.points[1]).toEqual([100, 3]);
    expect(schedSeriesOf('waiting', records.slice(1))).toBeNull();
    expect(schedSeriesOf('waiting', [...records, at(1, 0, [])])).toBeNull();
  });

  it('is drawn within its box, whatever the values are', () => {
    for (const measure of measures)
      for (const samples of [
        [],
        [sample({})],
        [sample({ atMs: 5 }), sample({ atMs: 5, goroutines: 2 ** 53 })],
      ])
        for (const [, x, y] of pathOf(seriesOf(measure, samples), 100, 30).matchAll(/[ML](\S+) (\d+\.\d)/g)) {
          expect(Number(x)).toBeLessThanOrEqual(100);
          expect(Number(y)).toBeLessThanOrEqual(30);
        }
  });
});
