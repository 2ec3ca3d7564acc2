import type { AccountId, CohortId, CohortRole, GroupId } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import type { Caller } from './caller.ts';
import { may, roleWrites, roomRoleFor } from './policy.ts';

const camp = '0193a000-0000-7000-8000-000000000001' as CohortId;
const other = '0193a000-0000-7000-8000-000000000002' as CohortId;
const mine = '0193a000-0000-7000-8000-00000000000a' as GroupId;
const theirs = '0193a000-0000-7000-8000-00000000000b' as GroupId;

const person = (role: CohortRole | null, programmeRoles: Caller['programmeRoles'] = []): Caller => ({
  accountId: 'a' as AccountId,
  name: 'A',
  email: 'a@example.org',
  programmeRoles,
  memberships:
    role === null
      ? []
      : [{ cohortId: camp, cohortTitle: 'Camp', role, groupIds: role === 'learner' ? [mine] : [] }],
});

describe('the policy', () => {
  it('lets a learner edit and run in their own group and see no other', () => {
    const learner = person('learner');
    expect(roomRoleFor(learner, { cohortId: camp, groupId: mine })).toBe('driver');
    expect(roomRoleFor(learner, { cohortId: camp, groupId: theirs })).toBeNull();
    expect(may(learner, 'run', 'Workspace', { cohortId: camp, groupId: mine })).toBe(true);
    expect(may(learner, 'lead', 'ClassSession', { cohortId: camp })).toBe(false);
    expect(may(learner, 'invite', 'Cohort', { id: camp })).toBe(false);
  });

  it('lets an instructor lead every room of their cohort and none of another', () => {
    const instructor = person('instructor');
    expect(roomRoleFor(instructor, { cohortId: camp, groupId: theirs })).toBe('lead');
    expect(roomRoleFor(instructor, { cohortId: other, groupId: theirs })).toBeNull();
    expect(may(instructor, 'create', 'Cohort', { id: other })).toBe(false);
  });

  it('lets mentors and assistants in as observers who cannot write', () => {
    for (const role of ['mentor', 'assistant'] as const) {
      const entered = roomRoleFor(person(role), { cohortId: camp, groupId: mine });
      expect(entered).toBe('observer');
      expect(entered !== null && roleWrites(entered)).toBe(false);
    }
  });

  it('lets an owner make cohorts and an operator see nothing but operations', () => {
    expect(may(person(null, ['owner']), 'create', 'Cohort', { id: camp })).toBe(true);
    expect(may(person(null, ['owner']), 'read', 'Operations', {})).toBe(true);
    expect(may(person('instructor'), 'read', 'Operations', {})).toBe(false);
    expect(may(person(null, ['owner']), 'edit', 'Workspace', { cohortId: camp, groupId: mine })).toBe(false);
    const operator = person(null, ['operator']);
    expect(may(operator, 'read', 'Operations', {})).toBe(true);
    expect(may(operator, 'read', 'Cohort', { id: camp })).toBe(false);
  });

  it('gives a stranger nothing', () => {
    expect(may(person(null), 'read', 'Cohort', { id: camp })).toBe(false);
    expect(roomRoleFor(person(null), { cohortId: camp, groupId: mine })).toBeNull();
  });
});
