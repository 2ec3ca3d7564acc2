import type { AccountId, GroupId } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { MOST_RUNS_A_GROUP, MOST_RUNS_A_PERSON, RunCaps } from './run-caps.ts';

const owner = (who: string, group = 'g') => ({ startedBy: who as AccountId, groupId: group as GroupId });

describe('RunCaps', () => {
  it('bounds a person over groups, and counts what is only arriving', () => {
    const caps = new RunCaps();
    const open = [owner('ana', 'other')];
    const taken = Array.from({ length: MOST_RUNS_A_PERSON - 1 }, () => caps.reserve(owner('ana'), open));
    expect(taken.map(({ kind }) => kind)).toEqual(taken.map(() => 'taken'));
    expect(caps.reserve(owner('ana'), open).kind).toBe('person');
    const [first] = taken;
    if (first?.kind === 'taken') first.release();
    expect(caps.reserve(owner('ana'), open).kind).toBe('taken');
  });

  it('bounds a group over its people, and leaves the next group alone', () => {
    const caps = new RunCaps();
    for (let at = 0; at < MOST_RUNS_A_GROUP; at += 1)
      expect(caps.reserve(owner(`p${at}`), []).kind).toBe('taken');
    expect(caps.reserve(owner('late'), []).kind).toBe('group');
    expect(caps.reserve(owner('late', 'next'), []).kind).toBe('taken');
  });
});
