import { expect, it } from 'vitest';
import { RunPace } from './run-pace.ts';

it('says nothing before it knows anything, and then what place and slots come to', () => {
  const pace = new RunPace();
  expect(pace.waitMs(1, 2)).toBeNull();
  pace.ended(1_000);
  expect([1, 2, 4].map((place) => pace.waitMs(place, 2))).toEqual([500, 1_000, 2_000]);
  for (let at = 0; at < 50; at += 1) pace.ended(3_000);
  expect(pace.waitMs(1, 1)).toBeGreaterThan(2_900);
});
