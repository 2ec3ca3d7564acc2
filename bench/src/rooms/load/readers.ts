import type { WebSocket } from 'ws';
import { connectAll } from './connect.ts';
import type { Received } from './load-messages.ts';
import type { Place } from './protocols.ts';
import { readStamp } from './stamp.ts';

/** Sockets that read one document, and count what comes. */
export class Readers {
  readonly #sockets: readonly WebSocket[];
  #ages: number[] = [];
  #edits = 0;
  #messages = 0;
  #bytes = 0;
  #closed = 0;
  #pings = 0;

  constructor(sockets: readonly WebSocket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) {
      let last: number | null = null;
      socket.on('ping', () => (this.#pings += 1));
      socket.on('close', () => (this.#closed += 1));
      socket.on('message', (data: Buffer) => {
        this.#messages += 1;
        this.#bytes += data.length;
        const stamp = readStamp(data);
        if (stamp === null) return;
        // Some servers put several edits into one message.
        this.#edits += last === null ? 1 : stamp.nth - last;
        last = stamp.nth;
        this.#ages.push(stamp.ageMs);
      });
    }
  }

  static async enter(places: readonly Place[]): Promise<Readers> {
    return new Readers((await connectAll(places)).map(({ socket }) => socket));
  }

  take(): Received {
    const received = {
      edits: this.#edits,
      agesMs: Float64Array.from(this.#ages),
      messages: this.#messages,
      bytes: this.#bytes,
      pings: this.#pings,
      closed: this.#closed,
    };
    this.#ages = [];
    this.#edits = this.#messages = this.#bytes = this.#closed = this.#pings = 0;
    return received;
  }

  /** Reads no more: the socket stays open, and nothing of it is taken from the system. */
  stall(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  leave(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}
