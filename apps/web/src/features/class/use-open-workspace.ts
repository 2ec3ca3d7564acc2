import type { ExerciseId, GroupId } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { navigate, places } from '../../shared/navigation/index.ts';
import { routeKey, useCommand, type ApiError } from '../../shared/api/index.ts';

type OpenWorkspace = {
  open: (groupId: GroupId, exerciseId: ExerciseId) => void;
  openingGroupId: string | null;
  error: ApiError | null;
};

/** Opens a group's workspace on an exercise, making it when it is the first time, and goes there. */
export function useOpenWorkspace(): OpenWorkspace {
  const queryClient = useQueryClient();
  const command = useCommand('openWorkspace');
  return {
    open: (groupId, exerciseId) =>
      command.mutate(
        { body: { groupId, exerciseId } },
        {
          onSuccess: (workspace) => {
            const params = { workspaceId: workspace.id };
            queryClient.setQueryData(routeKey('getWorkspace', { params }), workspace);
            navigate(places.workspace(workspace.id));
          },
        },
      ),
    openingGroupId: command.isPending ? command.variables.body.groupId : null,
    error: command.error,
  };
}
