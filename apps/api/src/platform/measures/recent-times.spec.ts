import { expect, it } from 'vitest';
import { RecentTimes } from './recent-times.ts';

it('says nothing of what never happened, and of the newest when there are many', () => {
  const times = new RecentTimes();
  expect(times.view()).toEqual({ count: 0, p50Ms: null, p99Ms: null });
  times.add(7);
  expect(times.view()).toEqual({ count: 1, p50Ms: 7, p99Ms: 7 });
  for (let ms = 1; ms <= 1_000; ms++) times.add(ms);
  expect(times.view()).toEqual({ count: 1_001, p50Ms: 501, p99Ms: 991 });
});
