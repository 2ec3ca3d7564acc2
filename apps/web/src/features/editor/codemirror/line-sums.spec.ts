import { describe, expect, it } from 'vitest';
import { lineSum, linesNow } from './line-sums.ts';

const sums = (text: string): number[] => text.split('\n').map(lineSum);
const moved = (before: string, now: string) => [...linesNow(sums(before), now.split('\n'))];

describe('lines of an earlier text', () => {
  it('are hashed as the runner does', () => {
    // From hash/fnv.
    expect([lineSum(''), lineSum('a'), lineSum('héllo 世界')]).toEqual([2166136261, 3826002220, 3949603634]);
  });

  it('are found where they stand now, but for those that changed', () => {
    expect(moved('a\nb\nc', 'a\nb\nc')).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(moved('a\nb\nc\nd', 'new\na\nB\nc\nd')).toEqual(
      expect.arrayContaining([
        [1, 2],
        [3, 4],
        [4, 5],
      ]),
    );
    expect(new Map(moved('a\nb', 'a\nB')).has(2)).toBe(false);
    expect(moved('', 'x')).toEqual([]);
  });
});
