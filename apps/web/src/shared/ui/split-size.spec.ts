import { describe, expect, it } from 'vitest';
import { clampSplit, splitKey } from './split-size.ts';

const limits = { first: 200, second: 300 };

describe('clampSplit', () => {
  it('leaves a wish alone that both sides can bear', () => {
    expect(clampSplit(40, 1000, limits)).toBe(40);
  });

  it('keeps a side at its least size, and hides it when it is pushed on', () => {
    expect(clampSplit(15, 1000, limits)).toBe(20);
    expect(clampSplit(9, 1000, limits)).toBe(0);
    expect(clampSplit(80, 1000, limits)).toBe(70);
    expect(clampSplit(90, 1000, limits)).toBe(100);
  });

  it('takes the wish while the size of the whole is not known', () => {
    expect(clampSplit(30, 0, limits)).toBe(30);
  });
});

describe('splitKey', () => {
  it('moves along its own axis only', () => {
    expect(splitKey('ArrowLeft', 40, true, 5)).toBe(35);
    expect(splitKey('ArrowDown', 40, false, 5)).toBe(45);
    expect(splitKey('ArrowDown', 40, true, 5)).toBeNull();
  });

  it('stays between the edges and jumps to them', () => {
    expect(splitKey('ArrowRight', 98, true, 5)).toBe(100);
    expect(splitKey('Home', 40, true, 5)).toBe(0);
    expect(splitKey('End', 40, false, 5)).toBe(100);
  });
});
