import type { Cohort } from '@lineage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, routeKey } from '../../shared/api/index.ts';
import type { GroupChange } from './assign-group.ts';

/** Sends changes of groups one after the other; shown at once, and read again at the end whatever happened. */
export function useChangeGroups(cohort: Cohort) {
  const queryClient = useQueryClient();
  const key = routeKey('getCohort', { params: { cohortId: cohort.id } });
  return useMutation({
    networkMode: 'always',
    mutationFn: async (changes: readonly GroupChange[]) => {
      for (const { groupId, memberIds } of changes)
        await call('setGroupMembers', { params: { groupId }, body: { memberIds } });
    },
    onMutate: (changes) => {
      queryClient.setQueryData<Cohort>(key, (old) =>
        old === undefined
          ? old
          : {
              ...old,
              groups: old.groups.map((group) => ({
                ...group,
                memberIds: changes.find(({ groupId }) => groupId === group.id)?.memberIds ?? group.memberIds,
              })),
            },
      );
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}
