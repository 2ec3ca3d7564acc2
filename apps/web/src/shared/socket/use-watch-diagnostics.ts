import { type Diagnostic, workspaceDiagnosticsSchema } from '@lineage/contracts';
import { useEffect, useState } from 'react';
import { liveSocket } from './connection.ts';

/** Of which text something was said, and what. */
export type CheckedText = { readonly snapshotHash: string; readonly diagnostics: readonly Diagnostic[] };
type Heard = CheckedText & { readonly workspaceId: string };

/**
 * What the compiler says of a workspace's text as people type; null until it was asked. It comes to whoever watches the
 * workspace, so call this beside `useWatchWorkspace`.
 */
export function useWatchDiagnostics(workspaceId: string): CheckedText | null {
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
  return heard?.workspaceId === workspaceId ? heard : null;
}
