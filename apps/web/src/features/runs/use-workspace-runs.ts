import type { Run, WorkspaceId } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { routeKey, useRoute } from '../../shared/api/index.ts';
import { useWatchWorkspace } from '../../shared/socket/index.ts';

const none: readonly Run[] = [];

/** The workspace's runs, latest first, kept true while the page is open. */
export function useWorkspaceRuns(workspaceId: WorkspaceId): { readonly runs: readonly Run[] } {
  const queryClient = useQueryClient();
  const params = { workspaceId };
  const key = routeKey('listRuns', { params });
  const { data } = useRoute('listRuns', { params });
  useWatchWorkspace(workspaceId, {
    onRun: (run) =>
      queryClient.setQueryData<{ runs: Run[] }>(key, (old) => ({ runs: withRun(old?.runs ?? [], run) })),
    onWatching: () => void queryClient.invalidateQueries({ queryKey: key }),
  });
  return { runs: data?.runs ?? none };
}

/** An older message about a run never replaces a newer one. */
export function withRun(runs: readonly Run[], run: Run): Run[] {
  const known = runs.find(({ id }) => id === run.id);
  if (known !== undefined && known.lastSeq > run.lastSeq) return [...runs];
  const others = runs.filter(({ id }) => id !== run.id);
  return [...others, run].toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}
