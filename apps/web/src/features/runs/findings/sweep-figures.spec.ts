import type { SweepPoint } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { medianOf, mostOfSweep, sweepRows } from './sweep-figures.ts';

const point = (value: string, attempt: number, wallMs: number, verdict: SweepPoint['verdict'] = 'passed') =>
  ({
    type: 'sweep_point',
    value,
    attempt,
    verdict,
    exitCode: 0,
    wallMs,
    cpuMs: wallMs / 2,
    peakMemoryBytes: 1024,
    gcCycles: 3,
    reason: '',
  }) satisfies SweepPoint & { type: string };

describe('runs over a parameter', () => {
  const points = [
    point('4', 1, 30),
    point('4', 2, 10),
    point('1', 1, 80),
    point('4', 3, 20),
    point('1', 2, 40),
  ];

  it('stand by value, in the order in which they were run', () => {
    expect(sweepRows(points).map(({ value, points: own }) => [value, own.length])).toEqual([
      ['4', 3],
      ['1', 2],
    ]);
  });

  it('have the median of the runs that passed', () => {
    const medians = sweepRows(points).map((row) => medianOf(row, 'wall'));
    expect(medians).toEqual([20, 60]);
    const cut = sweepRows([point('2', 1, 5000, 'timed_out'), point('2', 2, 8)]);
    expect(cut.map((row) => medianOf(row, 'cpu'))).toEqual([4]);
    expect(sweepRows([point('2', 1, 9, 'failed')]).map((row) => medianOf(row, 'wall'))).toEqual([null]);
    expect(mostOfSweep(points, 'wall')).toBe(80);
    expect(mostOfSweep([], 'wall')).toBeGreaterThan(0);
  });
});
