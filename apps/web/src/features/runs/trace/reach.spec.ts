import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedFor, levelFor, moved, reachOf, ticksOf, widthOf, zoomed } from './reach.ts';

const end = 1000;

describe('the part of a trace that is looked at', () => {
  it('is all of it, its end as it grows, or a part', () => {
    expect(reachOf({ kind: 'all' }, end)).toEqual({ fromMs: 0, toMs: end });
    expect(reachOf({ kind: 'edge', widthMs: 200 }, end)).toEqual({ fromMs: 800, toMs: end });
    expect(reachOf({ kind: 'edge', widthMs: 5000 }, end)).toEqual({ fromMs: 0, toMs: end });
    expect(reachOf({ kind: 'part', fromMs: 5, toMs: 9 }, end)).toEqual({ fromMs: 5, toMs: 9 });
    expect(widthOf(reachOf({ kind: 'all' }, 0))).toBeGreaterThan(0);
  });

  it('zooms around a moment, which stays where it is', () => {
    const closer = reachOf(zoomed({ fromMs: 0, toMs: 1000 }, 0.5, 250, end), end);
    expect(closer).toEqual({ fromMs: 125, toMs: 625 });
    expect(zoomed(closer, 4, 250, end)).toEqual({ kind: 'all' });
  });

  it('stays within the trace, and wider than nothing, whatever is done to it', () => {
    const step = fc.record({
      factor: fc.double({ min: 0.01, max: 20, noNaN: true }),
      at: fc.double({ min: -100, max: 2000, noNaN: true }),
      by: fc.double({ min: -5000, max: 5000, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let reach = reachOf({ kind: 'all' }, end);
        for (const { factor, at, by } of steps) {
          reach = reachOf(zoomed(reach, factor, at, end), end);
          reach = reachOf(moved(reach, by, end), end);
          expect(reach.fromMs).toBeGreaterThanOrEqual(0);
          expect(reach.toMs).toBeLessThanOrEqual(end + 1e-9);
          expect(widthOf(reach)).toBeGreaterThan(0.01);
          const asked = askedFor(reach, end);
          expect(asked.fromMs).toBeLessThanOrEqual(reach.fromMs);
          expect(asked.toMs).toBeGreaterThanOrEqual(reach.toMs - 1e-9);
        }
      }),
    );
  });

  it('is drawn with the finest tiles that can be seen', () => {
    expect([1, 400, 4000, 40_000, 4e6, 4e9].map((ms) => levelFor({ fromMs: 0, toMs: ms }, 800))).toEqual([
      0, 0, 2, 3, 4, 4,
    ]);
  });

  it('has round times on its axis', () => {
    expect(ticksOf({ fromMs: 130, toMs: 1130 }, 900)).toEqual({
      everyMs: 100,
      atMs: [200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100],
    });
  });
});
