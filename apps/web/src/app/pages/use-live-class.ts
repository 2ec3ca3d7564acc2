import type { CohortId, Me } from '@lineage/contracts';
import { useQueries } from '@tanstack/react-query';
import { classQuery, useClassSession, type LiveClass } from '../../features/class/index.ts';

/** The live class of a cohort, followed; `session` is undefined when there is none. */
export function useLiveClass(me: Me, cohortId: CohortId): LiveClass {
  const ids = useQueries({
    queries: me.liveClassSessionIds.map((classSessionId) => classQuery(classSessionId)),
    combine: (answers) =>
      answers.flatMap(({ data }) => (data?.summary.cohortId === cohortId ? [data.summary.id] : [])),
  });
  return useClassSession(ids[0] ?? null);
}
