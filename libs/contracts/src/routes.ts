import { z } from 'zod';
import { catalogSchema, lessonSchema } from './catalog.ts';
import {
  classBatchSchema,
  classCommandSchema,
  classEventSchema,
  classSessionSchema,
  classStateSchema,
  commandedGroupsSchema,
  commandGroupsSchema,
  ranForAllSchema,
  runForAllSchema,
} from './classroom.ts';
import * as cohorts from './cohorts.ts';
import {
  attributionSchema,
  blameSchema,
  branchSchema,
  historyEditsSchema,
  historySchema,
} from './history.ts';
import * as identity from './identity.ts';
import { roomsOverviewSchema, runnerOverviewSchema } from './operations.ts';
import { goVersionsSchema } from './run-experiment.ts';
import { traceOverviewSchema, traceViewSchema } from './run-trace.ts';
import {
  artifactLinkSchema,
  comparableRunSchema,
  formatSourceSchema,
  formattedSchema,
  openArtifactLinkSchema,
  runEventSchema,
  runSchema,
  startRunSchema,
  stdinSchema,
} from './runs.ts';
import {
  openWorkspaceSchema,
  roomCommandSchema,
  roomControlSchema,
  ticketSchema,
  workspaceSchema,
} from './workspaces.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Route<P extends string, B extends z.ZodType | null, R extends z.ZodType | null> = {
  method: Method;
  path: P;
  body: B;
  response: R;
};

const route = <P extends string, B extends z.ZodType | null, R extends z.ZodType | null>(
  method: Method,
  path: P,
  body: B,
  response: R,
): Route<P, B, R> => ({ method, path, body, response });

const accepted = z.object({ ok: z.literal(true) }).meta({ id: 'Accepted' });

/**
 * Every JSON route of the API. Controllers take `body` and `response` from here and the web client its types, so the
 * two cannot drift. Paths are relative to `/api`. Routes that start something durable want an `Idempotency-Key` header.
 */
export const routes = {
  getInstance: route('GET', '/instance', null, identity.instanceSchema),
  listPersonas: route('GET', '/demo', null, z.object({ personas: z.array(identity.personaSchema) })),
  demoSignIn: route('POST', '/demo/sign-in', identity.demoSignInSchema, identity.meSchema),
  createFirstOwner: route('POST', '/setup/owner', identity.firstOwnerSchema, identity.meSchema),
  getMe: route('GET', '/me', null, identity.meSchema),

  getRunnerOverview: route('GET', '/operations/runner', null, runnerOverviewSchema),
  getRoomsOverview: route('GET', '/operations/rooms', null, roomsOverviewSchema),

  listCohorts: route('GET', '/cohorts', null, z.object({ cohorts: z.array(cohorts.cohortSummarySchema) })),
  createCohort: route('POST', '/cohorts', cohorts.createCohortSchema, cohorts.cohortSchema),
  getCohort: route('GET', '/cohorts/:cohortId', null, cohorts.cohortSchema),
  createInvitation: route(
    'POST',
    '/cohorts/:cohortId/invitations',
    cohorts.createInvitationSchema,
    cohorts.invitationSchema,
  ),
  previewInvitation: route(
    'POST',
    '/invitations/preview',
    cohorts.invitationTokenSchema,
    cohorts.invitationPreviewSchema,
  ),
  acceptInvitation: route('POST', '/invitations/accept', cohorts.invitationTokenSchema, cohorts.joinedSchema),
  createGroup: route('POST', '/cohorts/:cohortId/groups', cohorts.createGroupSchema, cohorts.groupSchema),
  setGroupMembers: route(
    'PUT',
    '/groups/:groupId/members',
    cohorts.setGroupMembersSchema,
    cohorts.groupSchema,
  ),
  createClassSession: route(
    'POST',
    '/cohorts/:cohortId/class-sessions',
    cohorts.createClassSessionSchema,
    cohorts.classSessionSummarySchema,
  ),

  getClassSession: route('GET', '/class-sessions/:classSessionId', null, classSessionSchema),
  listClassEvents: route(
    'GET',
    '/class-sessions/:classSessionId/events',
    null,
    z.object({ events: z.array(classEventSchema) }),
  ),
  commandClass: route(
    'POST',
    '/class-sessions/:classSessionId/commands',
    classCommandSchema,
    classStateSchema,
  ),

  /** Refused with `conflict` while an earlier batch of the class has not ended. */
  runForAll: route('POST', '/class-sessions/:classSessionId/runs', runForAllSchema, ranForAllSchema),
  getClassBatch: route('GET', '/class-sessions/:classSessionId/runs', null, classBatchSchema),
  cancelClassBatch: route(
    'POST',
    '/class-sessions/:classSessionId/runs/cancel',
    z.strictObject({}),
    classBatchSchema,
  ),

  commandGroups: route(
    'POST',
    '/class-sessions/:classSessionId/rooms/commands',
    commandGroupsSchema,
    commandedGroupsSchema,
  ),

  getCatalog: route('GET', '/catalog', null, catalogSchema),
  getLesson: route('GET', '/lessons/:lessonId', null, lessonSchema),

  openWorkspace: route('POST', '/workspaces', openWorkspaceSchema, workspaceSchema),
  getWorkspace: route('GET', '/workspaces/:workspaceId', null, workspaceSchema),
  resetWorkspace: route('POST', '/workspaces/:workspaceId/reset', z.strictObject({}), workspaceSchema),
  getRoomControl: route('GET', '/workspaces/:workspaceId/room', null, roomControlSchema),
  commandRoom: route('POST', '/workspaces/:workspaceId/room/commands', roomCommandSchema, roomControlSchema),
  createTicket: route('POST', '/workspaces/:workspaceId/tickets', z.strictObject({}), ticketSchema),

  getHistory: route('GET', '/workspaces/:workspaceId/history', null, historySchema),
  /** Query `from` (sequence number, default 0). */
  getHistoryEdits: route('GET', '/workspaces/:workspaceId/history/:epoch/edits', null, historyEditsSchema),
  getBlame: route('GET', '/workspaces/:workspaceId/files/:fileId/blame', null, blameSchema),
  getAttribution: route('GET', '/workspaces/:workspaceId/attribution', null, attributionSchema),
  branchWorkspace: route('POST', '/workspaces/:workspaceId/branches', branchSchema, workspaceSchema),

  /** The gofmt of one file. The workspace is not changed: the caller's editor does that, in as few places as it can. */
  formatSource: route('POST', '/workspaces/:workspaceId/format', formatSourceSchema, formattedSchema),
  startRun: route('POST', '/workspaces/:workspaceId/runs', startRunSchema, runSchema),
  listRuns: route('GET', '/workspaces/:workspaceId/runs', null, z.object({ runs: z.array(runSchema) })),
  /** Runs of benchmarks of the same exercise that the caller may see, latest first: the group's own, and others'. */
  listGoVersions: route('GET', '/workspaces/:workspaceId/go-versions', null, goVersionsSchema),
  listComparableRuns: route(
    'GET',
    '/workspaces/:workspaceId/comparable-runs',
    null,
    z.object({ runs: z.array(comparableRunSchema) }),
  ),
  getRun: route('GET', '/runs/:runId', null, runSchema),
  /** Query `after` (sequence number, default 0); at most 1,000 events an answer. */
  listRunEvents: route('GET', '/runs/:runId/events', null, z.object({ events: z.array(runEventSchema) })),
  /** What a run's execution trace has, and (query: `traceViewQuerySchema`) the part of it that is in sight. */
  getTraceOverview: route('GET', '/runs/:runId/trace', null, traceOverviewSchema),
  getTraceView: route('GET', '/runs/:runId/trace/view', null, traceViewSchema),
  cancelRun: route('POST', '/runs/:runId/cancel', z.strictObject({}), runSchema),
  sendStdin: route('POST', '/runs/:runId/stdin', stdinSchema, accepted),
  createArtifactLink: route('POST', '/artifacts/:artifactId/links', z.strictObject({}), artifactLinkSchema),
  listArtifactLinks: route(
    'GET',
    '/artifacts/:artifactId/links',
    null,
    z.object({ links: z.array(openArtifactLinkSchema) }),
  ),
  /** Whoever may see the artifact may close a link to it. */
  revokeArtifactLink: route('DELETE', '/artifacts/:artifactId/links/:linkId', null, accepted),
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;
export type RouteParams<N extends RouteName> = Record<ParamNames<Routes[N]['path']>, string>;
export type RouteBody<N extends RouteName> = Routes[N]['body'] extends z.ZodType
  ? z.input<Routes[N]['body']>
  : undefined;
export type RouteResponse<N extends RouteName> = Routes[N]['response'] extends z.ZodType
  ? z.output<Routes[N]['response']>
  : undefined;
