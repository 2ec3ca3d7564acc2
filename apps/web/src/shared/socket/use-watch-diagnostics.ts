import { type Diagnostic, workspaceDiagnosticsSchema } from '@lineage/contracts';
import { useEffect, useState } from 'react';
import { liveSocket } from './connection.ts';

type Heard = { readonly workspaceId: string; readonly diagnostics: readonly Diagnostic[] };

/**
 * What the compiler says of a workspace's text as people type; null until it was asked. It comes to whoever watches the
 * workspace, so call this beside `useWatchWorkspace`.
 */
export function useWatchDiagnostics(workspaceId: string): readonly Diagnostic[] | null {
  const [heard, setHeard] = useState<Heard | null>(null);
  useEffect(() => {
    const socket = liveSocket();
    const hear = (message: unknown): void => {
      const parsed = workspaceDiagnosticsSchema.safeParse(message);
      if (parsed.success && parsed.data.workspaceId === workspaceId) setHeard(parsed.data);
    };
    socket.on('workspace.diagnostics', hear);
    return () => {
      socket.off('workspace.diagnostics', hear);
    };
  }, [workspaceId]);
  return heard?.workspaceId === workspaceId ? heard.diagnostics : null;
}
