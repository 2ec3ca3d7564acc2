import type { StartRun, Workspace } from '@lineage/contracts';
import { useCommand } from '../../shared/api/index.ts';

/** What a run is asked for; the number of the last edit is added when it is started. */
export type RunRequest = Omit<StartRun, 'connectionId' | 'lastFrame'>;

export type RunStarter = {
  /** Does nothing while another start is on its way, or where one may not run. */
  readonly start: (request: RunRequest) => void;
  readonly isPending: boolean;
  readonly error: Error | null;
};

type Options = {
  readonly workspace: Workspace;
  readonly editor: { flush(): { connectionId: string | null; lastFrame: number | null } } | null;
  readonly onStarted: (runId: string) => void;
};

/** Starts runs of the text as it stands on this screen. */
export function useStartRun({ workspace, editor, onStarted }: Options): RunStarter {
  const startRun = useCommand('startRun');
  const { isPending, error } = startRun;
  return {
    isPending,
    error,
    start: (request) => {
      if (isPending || !workspace.canRun) return;
      const { connectionId, lastFrame } = editor?.flush() ?? { connectionId: null, lastFrame: null };
      startRun.mutate(
        { params: { workspaceId: workspace.id }, body: { ...request, connectionId, lastFrame } },
        { onSuccess: ({ id }) => onStarted(id) },
      );
    },
  };
}

/** Runs one test or subtest by its full name; each part is matched as a whole, as `go test -run` takes it. */
export const testRequest = (fullName: string): RunRequest => ({
  ...(fullName.startsWith('Benchmark')
    ? ({ kind: 'bench', compareWith: 'previous' } as const)
    : ({ kind: 'test' } as const)),
  pattern: fullName
    .split('/')
    .map((part) => `^${part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`)
    .join('/'),
});
