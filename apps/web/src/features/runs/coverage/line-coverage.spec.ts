import type { CoverageBlock, CoverageBody } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { gapsOf, linesOf, packagesOf, sumOf } from './line-coverage.ts';

const block = (from: number, to: number, count: number, statements = 1): CoverageBlock => [
  from,
  2,
  to,
  9,
  statements,
  count,
];
const blocks = [block(3, 4, 2), block(4, 4, 0), block(5, 6, 0, 2), block(7, 7, 0), block(10, 10, 7, 0)];

describe('coverage of lines', () => {
  it('tells lines of which all, some or none ran', () => {
    expect(linesOf(blocks)).toEqual([
      { line: 3, state: 'covered', count: 2 },
      { line: 4, state: 'partly', count: 2 },
      { line: 5, state: 'uncovered', count: 0 },
      { line: 6, state: 'uncovered', count: 0 },
      { line: 7, state: 'uncovered', count: 0 },
    ]);
  });

  it('is summed by statements', () => {
    expect(sumOf([{ blocks }, { blocks: [block(1, 1, 1, 5)] }])).toEqual({ covered: 6, statements: 10 });
  });

  it('names each stretch in which nothing ran once', () => {
    expect(gapsOf(blocks)).toEqual([{ from: 4, to: 7 }]);
    expect(gapsOf([block(9, 9, 0), block(1, 2, 0)])).toEqual([
      { from: 1, to: 2 },
      { from: 9, to: 9 },
    ]);
  });

  it('is by package and file', () => {
    const file = (name: string, path: string): CoverageBody => ({
      type: 'coverage',
      package: name,
      path,
      blocks: [],
      lineSums: [],
    });
    expect(packagesOf([file('b', 'b/x.go'), file('a', 'z.go'), file('a', 'a.go')])).toMatchObject([
      ['a', [{ path: 'a.go' }, { path: 'z.go' }]],
      ['b', [{ path: 'b/x.go' }]],
    ]);
  });
});
