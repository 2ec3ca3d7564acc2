import { Injectable } from '@nestjs/common';
import type { ClassEvent, ClassSessionId, RunEvent, RunId } from '@lineage/contracts';
import { log } from '../../../platform/logging/index.ts';
import { RunStore, withoutTrace } from '../../runs/index.ts';
import { ClassLog } from '../class-log.service.ts';
import { EventFeed } from './event-feed.ts';
import { eventsSent, replays } from './live-metrics.ts';
import type { LiveSocket, OpenWatch, ServerSocket, Target } from './live-socket.ts';
import { LogPages } from './log-pages.ts';

type LocalBroadcast = ServerSocket['nsp']['local'];

/** What sockets see of the logs that they watch: each from its own place, read and written down once for all at one place. */
@Injectable()
export class WatchFeeds {
  /** Of the logs that somebody watches. */
  readonly #runs = new Map<string, LogPages<RunEvent>>();
  readonly #classes = new Map<string, LogPages<ClassEvent>>();

  constructor(
    private readonly runs: RunStore,
    private readonly classes: ClassLog,
  ) {}

  /** Of what comes after event `from`; null for a stream that has no log. */
  of(socket: LiveSocket, target: Target, from: number): OpenWatch['feed'] {
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
        return feedOf(socket, getOrMake(this.#runs, id, make), from, failed);
      }
      case 'class': {
        const { id } = target;
        const after = read('class', (seq) => this.classes.after(id, seq));
        const make = (): LogPages<ClassEvent> => new LogPages(after, (to, page) => sendClass(id, to, page));
        return feedOf(socket, getOrMake(this.#classes, id, make), from, failed);
      }
    }
  }

  /** What comes next of a run, to these, after what is on its way to them. */
  sendRun(id: RunId, to: readonly LiveSocket[], events: readonly RunEvent[]): void {
    this.#runs.get(id)?.flush();
    sendRun(id, to, events);
  }

  /** What comes next of a class session, to these, after what is on its way to them. */
  sendClass(id: ClassSessionId, to: readonly LiveSocket[], events: readonly ClassEvent[]): void {
    this.#classes.get(id)?.flush();
    sendClass(id, to, events);
  }

  /** Nobody watches this any more. */
  forget({ stream, id }: Target): void {
    if (stream === 'run') this.#runs.delete(id);
    if (stream === 'class') this.#classes.delete(id);
  }
}

/** A message to these is written down once, not once for each; null when there is nobody. */
export function together(sockets: readonly LiveSocket[]): LocalBroadcast | null {
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
