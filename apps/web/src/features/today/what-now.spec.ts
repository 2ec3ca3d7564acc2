import type { ClassSession, Cohort } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { whatNow } from './what-now.ts';

const now = Date.parse('2026-01-01T10:00:00Z');
const nobody = { memberships: [], programmeRoles: [] };
const cohort = (startsAt: string[]): Cohort =>
  ({
    id: 'c',
    title: 'Spring',
    myRole: 'learner',
    classSessions: startsAt.map((at, index) => ({
      id: `s${index}`,
      title: `Class ${index}`,
      state: 'scheduled',
      startsAt: at,
    })),
  }) as unknown as Cohort;
const live = {
  summary: { id: 'live', cohortId: 'c', title: 'Allocator' },
  canLead: false,
} as unknown as ClassSession;

describe('whatNow', () => {
  it('puts a live class before everything', () => {
    const action = whatNow({ me: nobody, cohorts: [cohort([])], live: [live], lastWorkspaceId: 'w', now });
    expect(action).toMatchObject({ kind: 'live', classSessionId: 'live' });
  });

  it('goes on with begun work while the next class is far away', () => {
    const far = cohort(['2026-01-02T10:00:00Z']);
    expect(whatNow({ me: nobody, cohorts: [far], live: [], lastWorkspaceId: 'w', now })).toEqual({
      kind: 'continue',
      workspaceId: 'w',
    });
  });

  it('shows the earliest class when it is about to start', () => {
    const soon = cohort(['2026-01-03T10:00:00Z', '2026-01-01T10:20:00Z']);
    expect(whatNow({ me: nobody, cohorts: [soon], live: [], lastWorkspaceId: 'w', now })).toMatchObject({
      kind: 'next',
      title: 'Class 1',
    });
  });

  it('sends an owner without a cohort to make one, and leaves others in peace', () => {
    const owner = { memberships: [], programmeRoles: ['owner' as const] };
    expect(whatNow({ me: owner, cohorts: [], live: [], lastWorkspaceId: undefined, now }).kind).toBe('owner');
    expect(whatNow({ me: nobody, cohorts: [], live: [], lastWorkspaceId: undefined, now }).kind).toBe(
      'nothing',
    );
  });
});
