import { describe, expect, it } from 'vitest';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { append, emptySequence, type Sequence } from './sequence.ts';

const seqs = (...numbers: number[]) => numbers.map((seq) => ({ seq }));
const start: Sequence<{ seq: number }> = emptySequence;

describe('a sequence of events', () => {
  it('takes each event once, however often it comes', () => {
    const once = append(start, seqs(1, 2, 3));
    expect(append(once, seqs(2, 3, 4)).events).toEqual(seqs(1, 2, 3, 4));
    expect(append(once, seqs(1, 2))).toBe(once);
  });

  it('stops at a hole and says so', () => {
    const holed = append(start, seqs(1, 3));
    expect(holed).toEqual({ events: seqs(1), last: 1, gap: true });
  });

  it('goes on where it stopped once the hole is filled', () => {
    const filled = append(append(start, seqs(1, 3)), seqs(2, 3));
    expect(filled).toEqual({ events: seqs(1, 2, 3), last: 3, gap: false });
  });
});

describe('the wait before the next try', () => {
  it('doubles to a ceiling and never grows past it', () => {
    expect([1, 2, 3, 20].map((attempt) => reconnectDelayMs(attempt, 1))).toEqual([500, 1000, 2000, 8000]);
  });

  it('is spread over half of itself', () => {
    expect(reconnectDelayMs(3, 0)).toBe(1000);
  });
});
