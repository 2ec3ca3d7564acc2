import type { Me } from '@lineage/contracts';
import { lazy, Suspense, useEffect } from 'react';
import { isRefusal, useRoute } from '../../shared/api/index.ts';
import { useParam } from '../../shared/navigation/index.ts';
import { ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import { forgetWorkspace } from '../../shared/ui/last-place.ts';
import { SignedIn } from './signed-in.tsx';
import css from './workspace.module.css';

// Asked for at once: it is on its way while the page asks who one is and what the workspace is.
const view = import('./workspace-view.tsx');
// Who waits for it is told when it fails.
view.catch(() => undefined);
const WorkspaceView = lazy(() => view.then(({ WorkspaceView: component }) => ({ default: component })));

/** `/workspaces/:workspaceId`. */
export function WorkspacePage() {
  return <SignedIn>{(me) => <WorkspaceContent me={me} />}</SignedIn>;
}

function WorkspaceContent({ me }: { me: Me }) {
  const workspaceId = useParam('workspaceId');
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
