import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { FrameKind } from '../processes/index.ts';
import { SLOW_CLOSE_BYTES, SLOW_NO_PRESENCE_BYTES, SLOW_RESYNC_BYTES } from './room-limits.ts';
import { messageOf } from './web-socket-message.ts';

/** From how many bytes that wait a reader gets no presence, gets no edits, and is closed. */
export type SlowLevels = {
  readonly noPresence: number;
  readonly resync: number;
  readonly close: number;
};

/** What a room needs of a socket: its own process has it, or another one that relays. */
export type RoomSocket = {
  readonly isOpen: boolean;
  readonly isRelayed: boolean;
  readonly bufferedBytes: number;
  readonly levels: SlowLevels;
  send(frame: Uint8Array, kind: FrameKind): void;
  /** Asked for while more waits than a level allows: called once, when nothing waits any more. */
  onDrain(listener: () => void): void;
  /** What is sent from here to `sendGathered`, in the same turn, goes out as one write. */
  gather(): void;
  sendGathered(): void;
  /** Frames are not read until `resume`. */
  pause(): void;
  resume(): void;
  close(code: number, sentence: string): void;
};

const socketLevels: SlowLevels = {
  noPresence: SLOW_NO_PRESENCE_BYTES,
  resync: SLOW_RESYNC_BYTES,
  close: SLOW_CLOSE_BYTES,
};
/** A WebSocket of this process, on the connection that it was made of. */
export class DirectSocket implements RoomSocket {
  readonly levels = socketLevels;
  readonly isRelayed = false;
  readonly ws: WebSocket;
  readonly #stream: Duplex;

  constructor(ws: WebSocket, stream: Duplex) {
    this.ws = ws;
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.ws.readyState === this.ws.OPEN;
  }

  get bufferedBytes(): number {
    return this.#stream.writableLength;
  }

  /**
   * Written past `ws`, which would make a header for each socket anew. Without compression it writes what it has to say at
   * once and keeps nothing back, so that whole messages may be written between its own.
   */
  send(frame: Uint8Array): void {
    this.#stream.write(messageOf(frame));
  }

  onDrain(listener: () => void): void {
    this.#stream.once('drain', listener);
  }

  gather(): void {
    this.#stream.cork();
  }

  sendGathered(): void {
    this.#stream.uncork();
  }

  pause(): void {
    this.ws.pause();
  }

  resume(): void {
    this.ws.resume();
  }

  close(code: number, sentence: string): void {
    closeSocket(this.ws, code, sentence);
  }
}

/** Says why and ends the socket. */
export function closeSocket(ws: WebSocket, code: number, sentence: string): void {
  // A paused socket would never see the other side's closing frame.
  ws.resume();
  ws.close(code, sentence);
}
