import type { ExerciseId, GroupId, Workspace } from '@lineage/contracts';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { call, routeKey } from '../../shared/api/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';

/** Opens another exercise for the same group and goes there. */
export function useOpenExercise(): UseMutationResult<
  Workspace,
  Error,
  { groupId: GroupId; exerciseId: ExerciseId }
> {
  const queryClient = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: (body) => call('openWorkspace', { body }),
    onSuccess: (workspace) => {
      const params = { workspaceId: workspace.id };
      queryClient.setQueryData(routeKey('getWorkspace', { params }), workspace);
      navigate(places.workspace(workspace.id));
    },
  });
}
