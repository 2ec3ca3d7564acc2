import type { Me } from '@lineage/contracts';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { isRefusal, useRoute } from '../../shared/api/index.ts';
import { ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import { forgetWorkspace } from '../../shared/ui/last-place.ts';
import { SignedIn } from './signed-in.tsx';
import { loadEditor, loadRuns } from './workspace-parts.ts';
import { makeWorkspaceView } from './workspace-view.tsx';
import css from './workspace.module.css';

const WorkspaceView = lazy(async () => {
  const [editor, runs] = await Promise.all([loadEditor(), loadRuns()]);
  return { default: makeWorkspaceView(editor, runs) };
});

/** `/workspaces/:workspaceId`. */
export function WorkspacePage() {
  return <SignedIn>{(me) => <WorkspaceContent me={me} />}</SignedIn>;
}

function WorkspaceContent({ me }: { me: Me }) {
  const { workspaceId } = useParams({ from: '/workspaces/$workspaceId' });
  const { data: workspace, error, refetch } = useRoute('getWorkspace', { params: { workspaceId } });
  const gone = isRefusal(error, 'not_found', 'gone');
  useEffect(() => {
    if (gone) forgetWorkspace(me.account.id);
  }, [gone, me.account.id]);
  const waiting = (
    <div className={css.padded}>
      <Skeleton rows={[30, 90, 80, 85, 60]} />
    </div>
  );
  if (workspace === undefined)
    return error === null ? waiting : <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <Suspense fallback={waiting}>
      <WorkspaceView key={workspace.id} me={me} workspace={workspace} />
    </Suspense>
  );
}
