import type { ClassSession, Cohort, Me } from '@lineage/contracts';

/** The one thing that a person should do now. */
export type WhatNow =
  | { kind: 'live'; classSessionId: string; title: string; cohortTitle: string; canLead: boolean }
  | { kind: 'continue'; workspaceId: string }
  | {
      kind: 'next';
      classSessionId: string;
      title: string;
      cohortTitle: string;
      startsAt: string;
      canLead: boolean;
    }
  | { kind: 'cohort'; cohortId: string; title: string; canPlan: boolean }
  | { kind: 'owner' }
  | { kind: 'operator' }
  | { kind: 'nothing' };

type Facts = {
  me: Pick<Me, 'memberships' | 'programmeRoles'>;
  cohorts: readonly Cohort[];
  live: readonly ClassSession[];
  lastWorkspaceId: string | undefined;
  now: number;
};

/** A class that is about to begin goes before yesterday's work. */
const SOON_MS = 30 * 60_000;

/** A live class first, then one that is about to start, then work begun, then what is planned. */
export function whatNow({ me, cohorts, live, lastWorkspaceId, now }: Facts): WhatNow {
  const [running] = live;
  if (running !== undefined) {
    const cohortTitle =
      me.memberships.find(({ cohortId }) => cohortId === running.summary.cohortId)?.cohortTitle ?? '';
    return {
      kind: 'live',
      classSessionId: running.summary.id,
      title: running.summary.title,
      cohortTitle,
      canLead: running.canLead,
    };
  }
  const next = nextSession(cohorts);
  const soon = next !== null && Date.parse(next.startsAt) - now < SOON_MS;
  if (lastWorkspaceId !== undefined && !soon) return { kind: 'continue', workspaceId: lastWorkspaceId };
  if (next !== null) return next;
  const [cohort] = cohorts;
  if (cohort !== undefined)
    return {
      kind: 'cohort',
      cohortId: cohort.id,
      title: cohort.title,
      canPlan: cohort.myRole === 'instructor',
    };
  if (me.programmeRoles.includes('owner')) return { kind: 'owner' };
  return { kind: me.programmeRoles.includes('operator') ? 'operator' : 'nothing' };
}

function nextSession(cohorts: readonly Cohort[]): (WhatNow & { kind: 'next' }) | null {
  const planned = cohorts.flatMap((cohort) =>
    cohort.classSessions
      .filter(({ state }) => state === 'scheduled')
      .map(({ id, title, startsAt }) => ({
        kind: 'next' as const,
        classSessionId: id,
        title,
        startsAt,
        cohortTitle: cohort.title,
        canLead: cohort.myRole === 'instructor',
      })),
  );
  return planned.toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))[0] ?? null;
}
