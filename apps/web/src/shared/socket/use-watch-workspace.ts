import { workspaceIdSchema, workspaceRunSchema, type Run } from '@lineage/contracts';
import { useEffect, useEffectEvent, useState } from 'react';
import { liveSocket } from './connection.ts';
import { keepBegunRuns } from './use-watch-run.ts';
import { watchStream, type WatchRefusal } from './watch.ts';

type Handlers = {
  /** A run of this workspace began or changed. */
  onRun: (run: Run) => void;
  /** The watch stands, at first or again: what was listed before may be old. */
  onWatching: () => void;
};

/**
 * Hears of every run of a workspace, and what happens in those that begin. There is no log behind it: list the runs again in
 * `onWatching`.
 */
export function useWatchWorkspace(workspaceId: string, handlers: Handlers): WatchRefusal | null {
  const [refusal, setRefusal] = useState<WatchRefusal | null>(null);
  const onRun = useEffectEvent(handlers.onRun);
  const onWatching = useEffectEvent(handlers.onWatching);
  useEffect(() => {
    const id = workspaceIdSchema.parse(workspaceId);
    const socket = liveSocket();
    keepBegunRuns();
    const hear = (message: unknown): void => {
      const parsed = workspaceRunSchema.safeParse(message);
      if (parsed.success && parsed.data.workspaceId === id) onRun(parsed.data.run);
    };
    socket.on('workspace.run', hear);
    const watch = watchStream({
      request: () => ({ stream: 'workspace', id, runs: true }),
      onWatching: () => {
        setRefusal(null);
        onWatching();
      },
      onRefused: setRefusal,
    });
    return () => {
      socket.off('workspace.run', hear);
      watch.stop();
    };
  }, [workspaceId]);
  return refusal;
}
