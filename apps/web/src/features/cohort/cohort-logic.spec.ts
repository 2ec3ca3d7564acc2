import type { AccountId, Group, GroupId } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { changesToAssign } from './assign-group.ts';
import { localMinute, nextHour } from './local-time.ts';

const group = (id: string, ...memberIds: string[]): Group =>
  ({ id, name: id, memberIds }) as unknown as Group;
const groups = [group('a', 'ada', 'bo'), group('b', 'cy')];
const ada = 'ada' as AccountId;

describe('changesToAssign', () => {
  it('leaves the old group before it joins the new one', () => {
    expect(changesToAssign(groups, ada, 'b' as GroupId)).toEqual([
      { groupId: 'a', memberIds: ['bo'] },
      { groupId: 'b', memberIds: ['cy', 'ada'] },
    ]);
  });

  it('changes nothing for somebody who is already there', () => {
    expect(changesToAssign(groups, ada, 'a' as GroupId)).toEqual([]);
  });

  it('takes somebody out of all groups', () => {
    expect(changesToAssign(groups, ada, null)).toEqual([{ groupId: 'a', memberIds: ['bo'] }]);
  });
});

describe('local times', () => {
  it('writes a minute as a field wants it', () => {
    expect(localMinute(new Date(2026, 0, 5, 9, 7))).toBe('2026-01-05T09:07');
  });

  it('finds the next full hour, over midnight too', () => {
    expect(localMinute(nextHour(new Date(2026, 0, 5, 23, 30)))).toBe('2026-01-06T00:00');
  });
});
