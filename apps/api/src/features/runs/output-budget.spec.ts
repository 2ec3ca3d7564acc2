import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTPUT_HEAD_BYTES, OUTPUT_TAIL_BYTES, OutputBudget, type OutputPiece } from './output-budget.ts';

const piece = (stream: 'stdout' | 'stderr', size: number): OutputPiece => ({
  stream,
  data: new Uint8Array(size),
  droppedBefore: 0,
});

function store(pieces: readonly OutputPiece[]): OutputPiece[] {
  const budget = new OutputBudget();
  const now = pieces.map((p) => budget.admit(p)).filter((p) => p !== null);
  return [...now, ...budget.finish()];
}

describe('OutputBudget', () => {
  it('accounts for every byte of each stream as stored or dropped, within the bound', () => {
    const written = fc.array(
      fc.tuple(fc.constantFrom('stdout' as const, 'stderr' as const), fc.integer({ min: 1, max: 400_000 })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(written, (writes) => {
        const stored = store(writes.map(([stream, size]) => piece(stream, size)));
        for (const stream of ['stdout', 'stderr']) {
          const wrote = writes.filter(([s]) => s === stream).reduce((sum, [, size]) => sum + size, 0);
          const told = stored
            .filter((p) => p.stream === stream)
            .reduce((sum, p) => sum + p.data.length + p.droppedBefore, 0);
          expect(told).toBe(wrote);
        }
        expect(stored.reduce((sum, p) => sum + p.data.length, 0)).toBeLessThanOrEqual(
          OUTPUT_HEAD_BYTES + OUTPUT_TAIL_BYTES,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('gives a small output at once and whole', () => {
    expect(store([piece('stdout', 5), piece('stderr', 3)]).map((p) => p.data.length)).toEqual([5, 3]);
  });
});
