import { expect, it } from 'vitest';
import { benchmarkAmount, isBetter } from './benchmark-amount.ts';

it('tells times in the unit in which they are read', () => {
  const told = (value: number, unit = 'sec/op') => benchmarkAmount(value, unit, String);
  expect([1.2345, 0.0123456, 4.2e-6, 3.14159e-9, 2e-10, 0].map((value) => told(value))).toEqual([
    '1.23 s',
    '12.3 ms',
    '4.2 µs',
    '3.14 ns',
    '0.2 ns',
    '0 ns',
  ]);
  expect(told(123_456, 'B/op')).toBe('123000');
});

it('knows which way is better', () => {
  expect([isBetter(-0.1, 'sec/op'), isBetter(0.1, 'B/op'), isBetter(0.1, 'B/s')]).toEqual([
    true,
    false,
    true,
  ]);
});
