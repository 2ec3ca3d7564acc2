import { describe, expect, it } from 'vitest';
import { BegunRuns } from './begun-runs.ts';
import type { HeardEvent } from './run-events.ts';

const events = (...seqs: number[]): HeardEvent[] => seqs.map((seq) => ({ seq, event: null }));
const seqsOf = (taken: { events: readonly HeardEvent[] } | null): number[] | undefined =>
  taken?.events.map(({ seq }) => seq);

describe('BegunRuns', () => {
  it('has a run from its first event, for whoever shows it first', () => {
    const begun = new BegunRuns();
    begun.hear('a', events(1, 2));
    begun.hear('a', events(2, 3));
    expect(seqsOf(begun.take('a'))).toEqual([1, 2, 3]);
    expect(begun.take('a')).toBeNull();
    // Whoever shows it hears the rest.
    begun.hear('a', events(4));
    expect(begun.take('a')).toBeNull();
  });

  it('has nothing of a run whose beginning or middle did not come', () => {
    const begun = new BegunRuns();
    begun.hear('late', events(2, 3));
    begun.hear('torn', events(1));
    begun.hear('torn', events(3));
    begun.hear('torn', events(4));
    expect([begun.take('late'), begun.take('torn')]).toEqual([null, null]);
  });

  it('has nothing after the connection was lost', () => {
    const begun = new BegunRuns();
    begun.hear('a', events(1));
    begun.forget();
    begun.hear('a', events(2));
    expect(begun.take('a')).toBeNull();
  });

  it('keeps the newest few, none of them without end', () => {
    const begun = new BegunRuns();
    for (const id of ['a', 'b', 'c', 'd', 'e']) begun.hear(id, events(1));
    for (let seq = 2; seq <= 2_001; seq += 1) begun.hear('d', events(seq));
    expect(['a', 'b', 'c', 'd', 'e'].map((id) => seqsOf(begun.take(id)) ?? null)).toEqual([
      null,
      [1],
      [1],
      null,
      [1],
    ]);
  });
});
