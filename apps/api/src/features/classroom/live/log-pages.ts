import { Gathering } from '../../../platform/gathering/index.ts';
import type { LiveSocket } from './live-socket.ts';

/** Places of a log that one question reads from; those who watch are nearly always at the same one. */
const MOST_PLACES = 4;

/**
 * Reads the log of one stream for all who watch it, and sends what it read. A class that opens a run together missed the
 * same events: they are read once and written down once.
 */
export class LogPages<E> {
  readonly #emit: (to: readonly LiveSocket[], page: readonly E[]) => void;
  readonly #reads: Gathering<number, readonly E[]>;
  readonly #sending = new Map<readonly E[], LiveSocket[]>();

  constructor(
    read: (seq: number) => Promise<readonly E[]>,
    emit: (to: readonly LiveSocket[], page: readonly E[]) => void,
  ) {
    this.#emit = emit;
    this.#reads = new Gathering(
      async (places) =>
        new Map(await Promise.all(places.map(async (seq) => [seq, await read(seq)] as const))),
      MOST_PLACES,
    );
  }

  /** A page of what was committed after `seq`, as of a moment after it was asked for. */
  async after(seq: number): Promise<readonly E[]> {
    return (await this.#reads.get(seq)) ?? [];
  }

  /** Sends a page to this socket, with all who are sent it in the same turn. */
  send(socket: LiveSocket, page: readonly E[]): void {
    const to = this.#sending.get(page);
    if (to !== undefined) return void to.push(socket);
    this.#sending.set(page, [socket]);
    queueMicrotask(() => this.flush());
  }

  /** To be called before anything else is sent of the stream: it comes after these. */
  flush(): void {
    const sending = [...this.#sending];
    this.#sending.clear();
    for (const [page, to] of sending) this.#emit(to, page);
  }
}
