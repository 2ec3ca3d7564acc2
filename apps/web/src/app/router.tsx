import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { z } from 'zod';
import { AppFrame } from './frame/app-frame.tsx';
import { PageError, PageMissing, PagePending } from './frame/page-states.tsx';
import { HomePage } from './pages/home.page.tsx';

/** What every route may use. */
type RouterContext = { queryClient: QueryClient };

const root = createRootRouteWithContext<RouterContext>()({
  component: AppFrame,
  notFoundComponent: PageMissing,
});

const optionalText = z.string().max(400).optional().catch(undefined);
const classSearch = z.object({
  /** A step looked at by oneself, as `lessonId/stepId`. */
  step: optionalText,
  /** A group whose profile is open. */
  profile: optionalText,
});
const workspaceSearch = z.object({
  tab: optionalText,
  run: optionalText,
  file: optionalText,
  line: z.coerce.number().int().positive().optional().catch(undefined),
  view: z.enum(['lesson', 'code', 'dock']).optional().catch(undefined),
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup.page.tsx'), 'SetupPage'),
});
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('./pages/join.page.tsx'), 'JoinPage'),
});
const cohorts = createRoute({
  getParentRoute: () => root,
  path: '/cohorts',
  component: lazyRouteComponent(() => import('./pages/cohorts.page.tsx'), 'CohortsPage'),
});
const newCohort = createRoute({
  getParentRoute: () => root,
  path: '/cohorts/new',
  component: lazyRouteComponent(() => import('./pages/cohorts.page.tsx'), 'NewCohortPage'),
});
const cohort = createRoute({
  getParentRoute: () => root,
  path: '/cohorts/$cohortId',
  component: lazyRouteComponent(() => import('./pages/cohorts.page.tsx'), 'CohortPage'),
});
const classSession = createRoute({
  getParentRoute: () => root,
  path: '/class/$classSessionId',
  validateSearch: classSearch,
  component: lazyRouteComponent(() => import('./pages/class.page.tsx'), 'ClassPage'),
});
const workspace = createRoute({
  getParentRoute: () => root,
  path: '/workspaces/$workspaceId',
  validateSearch: workspaceSearch,
  component: lazyRouteComponent(() => import('./pages/workspace.page.tsx'), 'WorkspacePage'),
});

const routeTree = root.addChildren([home, setup, join, cohorts, newCohort, cohort, classSession, workspace]);

/** The client's addresses. */
export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: PagePending,
    defaultPendingMs: 300,
    defaultErrorComponent: PageError,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
