import { describe, expect, it } from 'vitest';
import { readRunEvents } from './run-events.ts';
import { append, emptySequence, type Sequence } from './sequence.ts';
import type { HeardEvent } from './run-events.ts';

const runId = '01890000-0000-7000-8000-000000000001';
const output = (seq: number) => ({
  runId,
  seq,
  atMs: seq,
  body: { type: 'output', stream: 'stdout', text: 'x', droppedBefore: 0 },
});

describe('the events of a run', () => {
  it('go on after one that this page does not know, without a hole', () => {
    const message = {
      runId,
      events: [output(1), { runId, seq: 2, atMs: 2, body: { type: 'of tomorrow' } }, output(3)],
    };
    const heard = readRunEvents(message);
    expect(heard?.events.map(({ event }) => event?.body.type ?? null)).toEqual(['output', null, 'output']);
    const sequence: Sequence<HeardEvent> = append(emptySequence, heard?.events ?? []);
    expect([sequence.last, sequence.gap]).toEqual([3, false]);
  });

  it('are nothing where the message is something else', () => {
    for (const message of [null, 'x', { runId }, { runId, events: [{ seq: 0 }] }, { runId: 'x', events: [] }])
      expect(readRunEvents(message)).toBeNull();
  });
});
