import { z } from 'zod';
import { classEventSchema, groupCardSchema, presentPersonSchema } from './classroom.ts';
import { errorCodeSchema } from './errors.ts';
import { classSessionIdSchema, runIdSchema, workspaceIdSchema } from './ids.ts';
import { diagnosticSchema } from './run-diagnostics.ts';
import { runEventSchema, runSchema } from './runs.ts';

/**
 * socket.io carries subscriptions, events and ephemera; every durable command is an HTTP POST.
 *
 * `watch` subscribes to one stream. A stream of events (a run, a class session) replays what came after `after`
 * and goes on live, each `seq` exactly once and in order. `workspace` has no log: list the runs again after a reconnect.
 * With `runs` each run that begins there is watched from its first event, as if it had been asked for: everybody who has the
 * workspace open sees it at once, and a class does not ask for it a hundred times. It is watched until it has ended, also
 * for a page that leaves the workspace and comes back; asked for by itself, until that is taken back.
 *
 * While servers are updated, a page meets one of the release before or after its own. So none of these is strict: what
 * the server does not know is passed over. A new key asks for more, and what was meant without it stays as it is.
 */
export const watchSchema = z.discriminatedUnion('stream', [
  z.object({ stream: z.literal('run'), id: runIdSchema, after: z.int().min(0) }),
  z.object({ stream: z.literal('class'), id: classSessionIdSchema, after: z.int().min(0) }),
  z.object({ stream: z.literal('workspace'), id: workspaceIdSchema, runs: z.boolean().optional() }),
]);
export type Watch = z.infer<typeof watchSchema>;
export const unwatchSchema = z.object({ stream: z.enum(['run', 'class', 'workspace']), id: z.uuid() });
export type Unwatch = z.infer<typeof unwatchSchema>;

export const watchReplySchema = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), code: errorCodeSchema, message: z.string() }),
]);
export type WatchReply = z.infer<typeof watchReplySchema>;

export const runEventsSchema = z.object({ runId: runIdSchema, events: z.array(runEventSchema) });
/** What a run prints at the moment, beyond what is kept of its output: no event, shown until the next one or the end. */
export const runPrintingSchema = z.object({
  runId: runIdSchema,
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
});
export const classEventsSchema = z.object({
  classSessionId: classSessionIdSchema,
  events: z.array(classEventSchema),
});
export const workspaceRunSchema = z.object({ workspaceId: workspaceIdSchema, run: runSchema });
/** What the compiler said of the text as it stood a moment ago; no diagnostics when it builds. Nobody pressed Run. */
export const workspaceDiagnosticsSchema = z.object({
  workspaceId: workspaceIdSchema,
  snapshotHash: z.string(),
  diagnostics: z.array(diagnosticSchema),
});
export const classCardSchema = z.object({ classSessionId: classSessionIdSchema, card: groupCardSchema });
export const classPeopleSchema = z.object({
  classSessionId: classSessionIdSchema,
  people: z.array(presentPersonSchema),
});

export type ServerToClientEvents = {
  'run.events': (message: z.infer<typeof runEventsSchema>) => void;
  'run.printing': (message: z.infer<typeof runPrintingSchema>) => void;
  'class.events': (message: z.infer<typeof classEventsSchema>) => void;
  'workspace.run': (message: z.infer<typeof workspaceRunSchema>) => void;
  'workspace.diagnostics': (message: z.infer<typeof workspaceDiagnosticsSchema>) => void;
  'class.card': (message: z.infer<typeof classCardSchema>) => void;
  'class.people': (message: z.infer<typeof classPeopleSchema>) => void;
};

export type ClientToServerEvents = {
  watch: (request: Watch, reply: (answer: WatchReply) => void) => void;
  unwatch: (request: Unwatch, reply: (answer: WatchReply) => void) => void;
};
