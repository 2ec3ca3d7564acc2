import { expect, it } from 'vitest';
import { readClassEvents } from './class-events.ts';

const classSessionId = '01890000-0000-7000-8000-000000000001';
const event = (seq: number, type: string) => ({
  classSessionId,
  seq,
  at: '2026-11-25T12:00:00.000Z',
  by: 'ana',
  body: { type },
});

it('reads the events of a class', () => {
  const message = { classSessionId, events: [event(1, 'class.started'), event(2, 'class.ended')] };
  expect(readClassEvents(message)?.events?.map(({ seq }) => seq)).toEqual([1, 2]);
});

it('knows that there was one which this page does not know', () => {
  const message = { classSessionId, events: [event(1, 'class.started'), event(2, 'class.of tomorrow')] };
  expect(readClassEvents(message)).toEqual({ classSessionId, events: null });
});

it('reads nothing where the message is something else', () => {
  for (const message of [null, 'x', {}, { classSessionId }, { classSessionId: 'x', events: [] }])
    expect(readClassEvents(message)).toBeNull();
});
