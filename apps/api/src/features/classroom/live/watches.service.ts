import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import {
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
import { SpeculativeBuilds } from '../../runs/index.ts';
import { ClassPeople } from './class-people.ts';
import { MAX_BEGUN_PER_SOCKET, MAX_WATCHES_PER_SOCKET } from './live-limits.ts';
import { countRefusal } from './live-metrics.ts';
import { keyOf, type LiveSocket, type Target } from './live-socket.ts';
import { LiveSockets } from './live-sockets.ts';
import { together, WatchFeeds } from './watch-feeds.ts';
import { WatchTargets } from './watch-targets.ts';

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

  constructor(
    private readonly sockets: LiveSockets,
    private readonly targets: WatchTargets,
    private readonly feeds: WatchFeeds,
    private readonly builds: SpeculativeBuilds,
    private readonly people: ClassPeople,
    private readonly events: DomainEvents,
  ) {}

  onModuleInit(): void {
    this.#stop = [
      this.events.on('run.happened', ({ runId, workspaceId, events }) => {
        if (events[0]?.seq === 1) this.#openBegun(runId, workspaceId);
        const followers = this.#followers({ stream: 'run', id: runId }, events);
        this.feeds.sendRun(runId, followers, events);
        if (events.some(({ body }) => body.type === 'end')) this.#closeEnded(runId, followers);
      }),
      this.events.on('run.printing', (printing) => {
        // Whoever is slow misses some.
        together(this.sockets.watching('run', printing.runId))?.volatile.emit('run.printing', printing);
      }),
      this.events.on('class.happened', ({ classSessionId, events }) => {
        const followers = this.#followers({ stream: 'class', id: classSessionId }, events);
        this.feeds.sendClass(classSessionId, followers, events);
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
    const runs = request.stream === 'workspace' && request.runs === true;
    const standing = socket.watches.get(keyOf(target));
    if (standing !== undefined) {
      standing.feed?.rewind(after);
      standing.begun = false;
      standing.runs ||= runs;
    } else {
      const feed = this.feeds.of(socket, target, after);
      this.sockets.open(socket, { target, feed, runs, begun: false });
      feed?.look();
    }
    if (target.stream === 'class') this.people.entered(socket, target);
    if (target.stream === 'workspace') this.#tellChecked(socket, target.id);
  }

  /** A run that begins is watched by all who watch the runs of its workspace, who may see it because they may see that. */
  #openBegun(runId: RunId, workspaceId: WorkspaceId): void {
    for (const socket of this.sockets.watching('workspace', workspaceId)) {
      const { runs, target: workspace } =
        socket.watches.get(keyOf({ stream: 'workspace', id: workspaceId })) ?? {};
      if (runs !== true || workspace?.stream !== 'workspace') continue;
      const target: Target = { ...workspace, stream: 'run', id: runId };
      // A page that has no room for it asks for what it shows.
      if (socket.watches.has(keyOf(target)) || isFull(socket, keyOf(target))) continue;
      const [oldest, ...others] = [...socket.watches].filter(([, { begun }]) => begun);
      if (oldest !== undefined && others.length + 1 >= MAX_BEGUN_PER_SOCKET) this.#close(socket, oldest[0]);
      // Nothing of it was missed: this is its first event.
      const feed = this.feeds.of(socket, target, 0);
      this.sockets.open(socket, { target, feed, runs: false, begun: true });
    }
  }

  #closeEnded(runId: RunId, sockets: readonly LiveSocket[]): void {
    const key = keyOf({ stream: 'run', id: runId });
    for (const socket of sockets) if (socket.watches.get(key)?.begun === true) this.#close(socket, key);
  }

  /** Who comes late sees what the compiler said last. */
  #tellChecked(socket: LiveSocket, id: WorkspaceId): void {
    const checked = this.builds.latest(id);
    if (checked !== null) socket.io.emit('workspace.diagnostics', checked);
  }

  #close(socket: LiveSocket, key: string): void {
    const watch = this.sockets.close(socket, key);
    if (watch === null) return;
    const { target } = watch;
    if (this.sockets.watching(target.stream, target.id).length === 0) this.feeds.forget(target);
    if (target.stream === 'class') this.people.left(socket, target);
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
