import { metricsSampleSchema, type MetricsSample } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { lastOf, measures, mostOf, pathOf, seriesOf } from './series.ts';

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
