import type { ErrorCode, Unwatch, Watch } from '@lineage/contracts';
import { askToWatch } from './ask-to-watch.ts';
import { liveSocket } from './connection.ts';

/** Why the server does not let a stream be watched. */
export type WatchRefusal = { code: ErrorCode; message: string };

type Options = {
  /** Called for every (re)subscription, so that `after` is what is known by then. */
  request: () => Watch;
  /** The server has it open already, from what is known on: it is asked for after a reconnect only. */
  isWatched?: boolean;
  onWatching: () => void;
  onRefused: (refusal: WatchRefusal) => void;
};

/** How many watchers a stream has in this tab: the server is told to stop when the last one leaves. */
const watchers = new Map<string, number>();
const keyOf = ({ stream, id }: Pick<Unwatch, 'stream' | 'id'>): string => `${stream}:${id}`;

/**
 * Watches a stream until the returned function is called; asks again after each reconnect. `again` asks at once, as
 * after a gap.
 */
export function watchStream({ request, isWatched = false, onWatching, onRefused }: Options): {
  stop: () => void;
  again: () => void;
} {
  const socket = liveSocket();
  const first = request();
  const key = keyOf(first);
  watchers.set(key, (watchers.get(key) ?? 0) + 1);
  let stopped = false;
  const ask = (): void => {
    const emit: Parameters<typeof askToWatch>[0] = (wanted, reply) =>
      socket.emit('watch', wanted, (answer) => {
        if (!stopped) reply(answer);
      });
    askToWatch(emit, request(), (reply) => {
      if (reply.ok) onWatching();
      else onRefused({ code: reply.code, message: reply.message });
    });
  };
  socket.on('connect', ask);
  if (socket.connected && !isWatched) ask();
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    socket.off('connect', ask);
    const left = (watchers.get(key) ?? 1) - 1;
    watchers.set(key, left);
    if (left > 0) return;
    watchers.delete(key);
    // A page change often watches the same stream again in the same tick.
    setTimeout(() => {
      if (!watchers.has(key) && socket.connected)
        socket.emit('unwatch', { stream: first.stream, id: first.id }, () => undefined);
    }, 0);
  };
  return { stop, again: ask };
}
