import { describe, expect, it } from 'vitest';
import { coresOf, rangeOf, windowAt, type ProfileWindow } from './window-choice.ts';

const window = (number: number, fromMs: number, toMs: number): ProfileWindow => ({
  number,
  fromMs,
  toMs,
  profile: '',
  leftOut: 0,
});
// Number 3 was left out.
const windows = [window(1, 0, 1000), window(2, 1000, 2000), window(4, 3000, 4000)];

describe('windows of a run', () => {
  it('are shown all, the latest, or by number, and the latest for one that is not there', () => {
    expect(rangeOf('all', windows)).toEqual({ from: 0, to: 2 });
    expect(rangeOf('latest', windows)).toEqual({ from: 2, to: 2 });
    expect(rangeOf(2, windows)).toEqual({ from: 1, to: 1 });
    expect(rangeOf(3, windows)).toEqual({ from: 2, to: 2 });
    expect(rangeOf('all', [])).toBeNull();
  });

  it('are found by the time that they took, past the ends too', () => {
    expect([-1, 0, 0.3, 0.6, 1, 2].map((part) => windowAt(part, windows))).toEqual([0, 0, 1, 2, 2, 2]);
    expect(windowAt(0.5, [])).toBe(-1);
  });

  it('keep cores busy', () => {
    expect(coresOf(window(1, 0, 500), 1e9)).toBe(2);
    expect(coresOf(window(1, 5, 5), 1e9)).toBe(0);
  });
});
