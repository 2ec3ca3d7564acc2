import type { CohortId, Me } from '@lineage/contracts';
import { useQuery } from '@tanstack/react-query';
import { routeQuery } from '../../shared/api/index.ts';

/** A cohort's title: known for members, read for an owner who is none. Null until then. */
export function useCohortTitle(me: Me, cohortId: CohortId | undefined): string | null {
  const own = me.memberships.find((membership) => membership.cohortId === cohortId)?.cohortTitle;
  const asked = own === undefined && cohortId !== undefined && me.programmeRoles.includes('owner');
  const { data } = useQuery({
    ...routeQuery('getCohort', { params: { cohortId: cohortId ?? '' } }),
    enabled: asked,
  });
  return own ?? data?.title ?? null;
}
