import { lazy, startTransition, Suspense, useEffect, useMemo, useState, type ComponentType } from 'react';
import {
  currentPlace,
  matchPath,
  NavigationContext,
  subscribeToPlace,
  type Place,
} from '../shared/navigation/index.ts';
import { AppFrame } from './frame/app-frame.tsx';
import { PageBoundary, PageMissing, PagePending } from './frame/page-states.tsx';
import { HomePage } from './pages/home.page.tsx';

type Route = { readonly path: string; readonly Page: ComponentType; readonly load: () => Promise<unknown> };

function route(path: string, load: () => Promise<ComponentType>): Route {
  return { path, load, Page: lazy(async () => ({ default: await load() })) };
}

/** The client's addresses; the first that fits is shown. */
const routes: readonly Route[] = [
  { path: '/', Page: HomePage, load: () => Promise.resolve() },
  route('/setup', async () => (await import('./pages/setup.page.tsx')).SetupPage),
  route('/join', async () => (await import('./pages/join.page.tsx')).JoinPage),
  route('/cohorts', async () => (await import('./pages/cohorts.page.tsx')).CohortsPage),
  route('/cohorts/new', async () => (await import('./pages/cohorts.page.tsx')).NewCohortPage),
  route('/cohorts/:cohortId', async () => (await import('./pages/cohorts.page.tsx')).CohortPage),
  route('/class/:classSessionId', async () => (await import('./pages/class.page.tsx')).ClassPage),
  route('/operations', async () => (await import('./pages/operations.page.tsx')).OperationsPage),
  route('/workspaces/:workspaceId', async () => (await import('./pages/workspace.page.tsx')).WorkspacePage),
];

function found(pathname: string): { route: Route; params: Readonly<Record<string, string>> } | null {
  for (const candidate of routes) {
    const params = matchPath(candidate.path, pathname);
    if (params !== null) return { route: candidate, params };
  }
  return null;
}

/** Fetches the code of a path's page ahead of its first rendering. */
export function preload(pathname: string): void {
  // A page that cannot be loaded ahead says so when it is visited.
  found(pathname)
    ?.route.load()
    .catch(() => undefined);
}

/** The page at the browser's address, in its frame. */
export function Router() {
  const place = useShownPlace();
  const { pathname } = place;
  const at = useMemo(() => found(pathname), [pathname]);
  const navigation = useMemo(() => ({ place, params: at?.params ?? {}, preload }), [place, at]);
  const Page = at?.route.Page ?? PageMissing;
  return (
    <NavigationContext value={navigation}>
      <AppFrame>
        <PageBoundary key={pathname}>
          <Suspense fallback={<PagePending />}>
            <Page />
          </Suspense>
        </PageBoundary>
      </AppFrame>
    </NavigationContext>
  );
}

/** The place as far as it can be shown: the old page stands until the code of the next one is there. */
function useShownPlace(): Place {
  const [place, setPlace] = useState(currentPlace);
  useEffect(() => {
    const follow = (): void => {
      const next = currentPlace();
      setPlace((shown) => (shown.pathname === next.pathname ? next : shown));
      startTransition(() => setPlace(next));
    };
    follow();
    return subscribeToPlace(follow);
  }, []);
  return place;
}
