import type { Goroutine } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { groupGoroutines } from './group-goroutines.ts';

const goroutine = (id: number, line: number, state = 'chan receive'): Goroutine => ({
  id,
  state,
  waitMinutes: 0,
  lockedToThread: false,
  stack: { elided: false, frames: [{ function: 'main.f', path: 'main.go', line, inWorkspace: true }] },
  createdBy: null,
  createdIn: 0,
});

describe('goroutines of a crash', () => {
  it('are put together where they stand at the same place, and the one that crashed stays alone', () => {
    const groups = groupGoroutines([
      goroutine(7, 1),
      goroutine(8, 1),
      goroutine(9, 2),
      goroutine(10, 1),
      goroutine(11, 1, 'select'),
    ]);
    expect(groups.map(({ ids }) => ids)).toEqual([[7], [8, 10], [9], [11]]);
  });
});
