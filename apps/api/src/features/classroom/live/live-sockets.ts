import { Injectable } from '@nestjs/common';
import type { AccountId } from '@lineage/contracts';
import { openSockets, openWatches } from './live-metrics.ts';
import { keyOf, type LiveSocket, type OpenWatch, type Target } from './live-socket.ts';

/** The open sockets of this process, by what they watch. */
@Injectable()
export class LiveSockets {
  readonly #sockets = new Set<LiveSocket>();
  readonly #watching = new Map<string, Set<LiveSocket>>();

  add(socket: LiveSocket): void {
    this.#sockets.add(socket);
    openSockets.set(this.#sockets.size);
  }

  remove(socket: LiveSocket): void {
    this.#sockets.delete(socket);
    openSockets.set(this.#sockets.size);
  }

  all(): LiveSocket[] {
    return [...this.#sockets];
  }

  ofAccount(accountId: AccountId): LiveSocket[] {
    return this.all().filter((socket) => socket.caller.accountId === accountId);
  }

  /** Those who watch this stream. */
  watching(stream: Target['stream'], id: string): LiveSocket[] {
    return [...(this.#watching.get(keyOf({ stream, id })) ?? [])];
  }

  /** Every class session that somebody watches. */
  watchedClasses(): Extract<Target, { stream: 'class' }>[] {
    const found = new Map<string, Extract<Target, { stream: 'class' }>>();
    for (const socket of this.#sockets) {
      for (const [key, { target }] of socket.watches) if (target.stream === 'class') found.set(key, target);
    }
    return [...found.values()];
  }

  open(socket: LiveSocket, watch: OpenWatch): void {
    const key = keyOf(watch.target);
    socket.watches.set(key, watch);
    openWatches.inc({ stream: watch.target.stream });
    const watching = this.#watching.get(key) ?? new Set();
    this.#watching.set(key, watching);
    watching.add(socket);
  }

  close(socket: LiveSocket, key: string): OpenWatch | null {
    const watch = socket.watches.get(key) ?? null;
    if (watch === null) return null;
    watch.feed?.stop();
    openWatches.dec({ stream: watch.target.stream });
    socket.watches.delete(key);
    const watching = this.#watching.get(key);
    watching?.delete(socket);
    if (watching?.size === 0) this.#watching.delete(key);
    return watch;
  }
}
