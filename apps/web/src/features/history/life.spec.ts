import type { AccountId, History, RunId } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { lifeOf, momentAt, nextStop, parseMoment, partAt, positionOf } from './life.ts';

const [ana, bo] = ['ana', 'bo'] as AccountId[] as [AccountId, AccountId];
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();

const history: History = {
  epochs: [
    { epoch: 1, edits: 100, at: at(0), by: null },
    { epoch: 2, edits: 10, at: at(30), by: bo },
  ],
  stretches: [
    { epoch: 1, from: 1, to: 60, at: at(1), until: at(7), by: [{ accountId: ana, edits: 60 }] },
    {
      epoch: 1,
      from: 61,
      to: 100,
      at: at(20),
      until: at(24),
      by: [
        { accountId: ana, edits: 3 },
        { accountId: bo, edits: 37 },
      ],
    },
    { epoch: 2, from: 1, to: 10, at: at(40), until: at(41), by: [{ accountId: bo, edits: 10 }] },
  ],
  marks: [4, 10, 31, 50].map((minute) => ({
    type: 'run',
    at: at(minute),
    runId: 'x' as RunId,
    kind: 'run',
    state: 'passed',
    by: ana,
  })),
  people: [],
  branches: [],
  canBranch: true,
};

describe('the life of a workspace', () => {
  const life = lifeOf(history);

  it('has a position for each edit and for the beginning of each epoch', () => {
    expect(life.end).toBe(111);
    for (let position = 0; position <= life.end; position += 1)
      expect(positionOf(life, momentAt(life, position))).toBe(position);
    expect(momentAt(life, 0)).toEqual({ epoch: 1, seq: 0 });
    expect(momentAt(life, 101)).toEqual({ epoch: 2, seq: 0 });
    expect(positionOf(life, { epoch: 1, seq: 101 })).toBeNull();
    expect(positionOf(life, { epoch: 3, seq: 0 })).toBeNull();
  });

  it('names the busiest first, and nobody before the first edit', () => {
    expect(partAt(life, 70)?.by).toEqual([bo, ana]);
    expect(partAt(life, 0)).toBeNull();
  });

  it('has marks where the text stood when they happened', () => {
    expect(life.marks.map(({ position }) => position)).toEqual([30, 60, 101, 111]);
  });

  it('is walked by pauses, resets and ends', () => {
    const stops: number[] = [];
    for (let position = 0; position < life.end;) stops.push((position = nextStop(life, position, 1)));
    expect(stops).toEqual([60, 100, 101, 111]);
    expect(nextStop(life, 111, 1)).toBe(111);
    expect(nextStop(life, 60, -1)).toBe(0);
  });
});

it('an address that names no moment is none', () => {
  expect(parseMoment('2.153')).toEqual({ epoch: 2, seq: 153 });
  for (const wrong of ['', '2', '2.', '-1.3', '1e3.4', '1.2.3', '9999999999.1'])
    expect(parseMoment(wrong)).toBeNull();
});
