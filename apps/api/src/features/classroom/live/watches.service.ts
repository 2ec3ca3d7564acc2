import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import {
  type ClassEvent,
  type ClassSessionId,
  type RunEvent,
  type RunId,
  type Unwatch,
  unwatchSchema,
  type Watch,
  type WatchReply,
  watchSchema,
  type WorkspaceId,
} from '@lineage/contracts';
import { DomainError } from '../../../platform/errors/index.ts';
import { DomainEvents } from '../../../platform/events/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { RunStore, SpeculativeBuilds, withoutTrace } from '../../runs/index.ts';
import { ClassLog } from '../class-log.service.ts';
import { ClassPeople } from './class-people.ts';
import { EventFeed } from './event-feed.ts';
import { MAX_WATCHES_PER_SOCKET } from './live-limits.ts';
import { countRefusal, eventsSent, replays } from './live-metrics.ts';
import { keyOf, type LiveSocket, type OpenWatch, type ServerSocket, type Target } from './live-socket.ts';
import { LiveSockets } from './live-sockets.ts';
import { LogPages } from './log-pages.ts';
import { WatchTargets } from './watch-targets.ts';

type LocalBroadcast = ServerSocket['nsp']['local'];
type Refusal = Extract<WatchReply, { ok: false }>;

const ok: WatchReply = { ok: true };
const refused = ({ code, message }: Pick<DomainError, 'code' | 'message'>): Refusal => ({
  ok: false,
  code,
  message,
});
const malformed = refused({ code: 'bad_request', message: 'This is no watch as the contract has it.' });
const tooMany = refused({
  code: 'too_many_requests',
  message: 'This page watches too much at once. Reload it.',
});

/** Subscriptions: asked of the policy, replayed from the log, then live. */
@Injectable()
export class Watches implements OnModuleInit, OnModuleDestroy {
  #stop: (() => void)[] = [];
  /** Of the logs that somebody watches. */
  readonly #runPages = new Map<string, LogPages<RunEvent>>();
  readonly #classPages = new Map<string, LogPages<ClassEvent>>();

  constructor(
    private readonly sockets: LiveSockets,
    private readonly targets: WatchTargets,
    private readonly runs: RunStore,
    private readonly builds: SpeculativeBuilds,
    private readonly classes: ClassLog,
    private readonly people: ClassPeople,
    private readonly events: DomainEvents,
  ) {}

  onModuleInit(): void {
    this.#stop = [
      this.events.on('run.happened', ({ runId, events }) => {
        const followers = this.#followers({ stream: 'run', id: runId }, events);
        this.#runPages.get(runId)?.flush();
        sendRun(runId, followers, events);
      }),
      this.events.on('run.printing', (printing) => {
        // Whoever is slow misses some.
        together(this.sockets.watching('run', printing.runId))?.volatile.emit('run.printing', printing);
      }),
      this.events.on('class.happened', ({ classSessionId, events }) => {
        const followers = this.#followers({ stream: 'class', id: classSessionId }, events);
        this.#classPages.get(classSessionId)?.flush();
        sendClass(classSessionId, followers, events);
      }),
      this.events.on('run.changed', ({ run }) => {
        const { workspaceId } = run;
        together(this.sockets.watching('workspace', workspaceId))?.emit('workspace.run', {
          workspaceId,
          run,
        });
      }),
      this.events.on('workspace.checked', (checked) => {
        together(this.sockets.watching('workspace', checked.workspaceId))?.emit(
          'workspace.diagnostics',
          checked,
        );
      }),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }

  async watch(socket: LiveSocket, message: unknown): Promise<WatchReply> {
    const parsed = watchSchema.safeParse(message);
    if (!parsed.success) return refuse(socket, malformed);
    if (isFull(socket, keyOf(parsed.data))) return refuse(socket, tooMany);
    socket.pending += 1;
    try {
      const target = await this.#ask(socket, parsed.data);
      if (!socket.closed) this.#open(socket, target, parsed.data);
      return ok;
    } catch (err) {
      if (err instanceof DomainError) return refuse(socket, refused(err));
      log.error({ err, stream: parsed.data.stream }, 'watch failed');
      return refused({ code: 'internal', message: 'Something failed on our side. Try again in a moment.' });
    } finally {
      socket.pending -= 1;
    }
  }

  unwatch(socket: LiveSocket, message: unknown): WatchReply {
    const parsed = unwatchSchema.safeParse(message);
    if (!parsed.success) return refuse(socket, malformed);
    this.#close(socket, keyOf(parsed.data satisfies Unwatch));
    return ok;
  }

  closeAll(socket: LiveSocket): void {
    socket.closed = true;
    for (const key of [...socket.watches.keys()]) this.#close(socket, key);
  }

  /** Again when permissions change meanwhile: nobody asks about a watch that is not open yet. */
  async #ask(socket: LiveSocket, watch: Watch): Promise<Target> {
    for (;;) {
      const version = socket.permissionsVersion;
      const target = await this.targets.get(socket.caller.accountId, watch);
      if (version === socket.permissionsVersion) return target;
    }
  }

  #open(socket: LiveSocket, target: Target, request: Watch): void {
    const after = request.stream === 'workspace' ? 0 : request.after;
    const standing = socket.watches.get(keyOf(target));
    if (standing !== undefined) {
      standing.feed?.rewind(after);
    } else {
      this.sockets.open(socket, { target, feed: this.#feed(socket, target, after) });
    }
    if (target.stream === 'class') this.people.entered(socket, target);
    if (target.stream === 'workspace') this.#tellChecked(socket, target.id);
  }

  /** Who comes late sees what the compiler said last. */
  #tellChecked(socket: LiveSocket, id: WorkspaceId): void {
    const checked = this.builds.latest(id);
    if (checked !== null) socket.io.emit('workspace.diagnostics', checked);
  }

  #close(socket: LiveSocket, key: string): void {
    const watch = this.sockets.close(socket, key);
    if (watch !== null && this.sockets.watching(watch.target.stream, watch.target.id).length === 0) {
      this.#runPages.delete(watch.target.id);
      this.#classPages.delete(watch.target.id);
    }
    if (watch?.target.stream === 'class') this.people.left(socket, watch.target);
  }

  #feed(socket: LiveSocket, target: Target, from: number): OpenWatch['feed'] {
    const failed = (err: unknown): void => {
      log.error({ err, stream: target.stream }, 'replay failed');
      socket.disconnect();
    };
    switch (target.stream) {
      case 'workspace':
        return null;
      case 'run': {
        const { id } = target;
        const after = read('run', (seq) => this.runs.after(id, seq));
        const make = (): LogPages<RunEvent> => new LogPages(after, (to, page) => sendRun(id, to, page));
        return feedOf(socket, getOrMake(this.#runPages, id, make), from, failed);
      }
      case 'class': {
        const { id } = target;
        const after = read('class', (seq) => this.classes.after(id, seq));
        const make = (): LogPages<ClassEvent> => new LogPages(after, (to, page) => sendClass(id, to, page));
        return feedOf(socket, getOrMake(this.#classPages, id, make), from, failed);
      }
    }
  }

  /** Those whom these events come next; the others read the log, each from where it is. */
  #followers(
    { stream, id }: { stream: 'run' | 'class'; id: string },
    events: readonly { seq: number }[],
  ): LiveSocket[] {
    return this.sockets
      .watching(stream, id)
      .filter(({ watches }) => watches.get(keyOf({ stream, id }))?.feed?.follows(events));
  }
}

/** A message to these is written down once, not once for each; null when there is nobody. */
function together(sockets: readonly LiveSocket[]): LocalBroadcast | null {
  const [first] = sockets;
  return first === undefined ? null : first.io.nsp.local.to(sockets.map(({ id }) => id));
}

function sendRun(runId: RunId, to: readonly LiveSocket[], events: readonly RunEvent[]): void {
  eventsSent.inc({ stream: 'run' }, events.length * to.length);
  together(to)?.emit('run.events', { runId, events: withoutTrace(events) });
}

function sendClass(
  classSessionId: ClassSessionId,
  to: readonly LiveSocket[],
  events: readonly ClassEvent[],
): void {
  eventsSent.inc({ stream: 'class' }, events.length * to.length);
  together(to)?.emit('class.events', { classSessionId, events: [...events] });
}

/** What a socket sees of a log that others watch too. */
function feedOf<E extends { readonly seq: number }>(
  socket: LiveSocket,
  pages: LogPages<E>,
  from: number,
  failed: (err: unknown) => void,
): EventFeed<E> {
  return new EventFeed(from, {
    page: (seq) => pages.after(seq),
    send: (page) => pages.send(socket, page),
    failed,
  });
}

/** An empty page is no replay: every watch looks once whether it missed something. */
function read<E>(
  stream: 'run' | 'class',
  page: (seq: number) => Promise<E[]>,
): (seq: number) => Promise<E[]> {
  return async (seq) => {
    const events = await page(seq);
    if (events.length > 0) replays.inc({ stream });
    return events;
  };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}

function refuse({ caller, loggedRefusals }: LiveSocket, refusal: Refusal): Refusal {
  const { code } = refusal;
  countRefusal(code);
  if (!loggedRefusals.has(code)) {
    loggedRefusals.add(code);
    log.info({ accountId: caller.accountId, code }, 'watch refused');
  }
  return refusal;
}

/** Asking is bounded too: each watch that is asked about reads the database. */
function isFull({ watches, pending }: LiveSocket, key: string): boolean {
  return pending + (watches.has(key) ? 0 : watches.size) >= MAX_WATCHES_PER_SOCKET;
}
