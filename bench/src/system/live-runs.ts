import type { ClientToServerEvents, RunEvent, RunId, ServerToClientEvents } from '@lineage/contracts';
import { io, type ManagerOptions, type Socket } from 'socket.io-client';
import type { Person } from './person.ts';

/** An event, and when this process saw it (`performance.now()`). */
export type Seen = { readonly event: RunEvent; readonly atMs: number };
export type WatchedRun = {
  /** Resolves with the first event that `wanted` says yes to. @throws Error when the run ends without it */
  first(wanted: (event: RunEvent) => boolean): Promise<Seen>;
  /** Everything seen so far, in order. */
  readonly seen: readonly Seen[];
};

export type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/**
 * A socket.io connection of its own for a person, which does not come back by itself; with the usual parser unless another
 * one is given. @throws Error when it is refused
 */
export async function liveSocket(
  person: Person,
  options: Partial<Pick<ManagerOptions, 'parser'>> = {},
): Promise<LiveSocket> {
  const socket: LiveSocket = io(person.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...options,
    extraHeaders: { cookie: person.cookie },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** A person's socket.io connection, for the events of runs. */
export class LiveRuns {
  readonly #socket: LiveSocket;
  readonly #runs = new Map<RunId, { seen: Seen[]; tell: (() => void)[] }>();

  private constructor(socket: LiveSocket) {
    this.#socket = socket;
    socket.on('run.events', ({ runId, events }) => {
      const atMs = performance.now();
      const run = this.#runs.get(runId);
      if (run === undefined) return;
      run.seen.push(...events.map((event) => ({ event, atMs })));
      for (const tell of run.tell) tell();
    });
  }

  static async connect(person: Person): Promise<LiveRuns> {
    return new LiveRuns(await liveSocket(person));
  }

  /** Everything of a run from its first event. */
  watch(runId: RunId): WatchedRun {
    const run = { seen: new Array<Seen>(), tell: new Array<() => void>() };
    this.#runs.set(runId, run);
    let refused: Error | null = null;
    this.#socket.emit('watch', { stream: 'run', id: runId, after: 0 }, (reply) => {
      if (reply.ok) return;
      refused = new Error(`the run cannot be watched: ${reply.message}`);
      for (const tell of run.tell) tell();
    });
    return {
      seen: run.seen,
      first: (wanted) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const found = run.seen.find(({ event }) => wanted(event));
            const last = run.seen.at(-1)?.event.body;
            if (found !== undefined) resolve(found);
            else if (refused !== null) reject(refused);
            else if (last?.type === 'end')
              reject(
                new Error(`the run ended too early: ${last.verdict} ${last.reason} ${problemsOf(run.seen)}`),
              );
          };
          run.tell.push(look);
          look();
        }),
    };
  }

  /** Stops listening to a run that is over. */
  forget(runId: RunId): void {
    this.#runs.delete(runId);
    this.#socket.emit('unwatch', { stream: 'run', id: runId }, () => {});
  }

  close(): void {
    this.#socket.disconnect();
  }
}

/** What the compiler said, for whoever reads why a benchmark failed. */
const problemsOf = (seen: readonly Seen[]): string =>
  seen
    .flatMap(({ event: { body } }) =>
      body.type === 'diagnostic' ? [`${body.path}:${body.line}: ${body.message}`] : [],
    )
    .join('; ');
