import type { WebSocket } from 'ws';
import type { FrameKind } from '../processes/index.ts';
import { SLOW_CLOSE_BYTES, SLOW_NO_PRESENCE_BYTES, SLOW_RESYNC_BYTES } from './room-limits.ts';

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
  /** `drained` is called later, when nothing waits any more. */
  send(frame: Uint8Array, kind: FrameKind, drained: () => void): void;
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
const binary = { binary: true } as const;

/** A WebSocket of this process. */
export class DirectSocket implements RoomSocket {
  readonly levels = socketLevels;
  readonly isRelayed = false;
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(frame: Uint8Array, _kind: FrameKind, drained: () => void): void {
    const ws = this.#ws;
    ws.send(frame, binary, () => {
      if (ws.bufferedAmount === 0) drained();
    });
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  close(code: number, sentence: string): void {
    // A paused socket would never see the other side's closing frame.
    this.#ws.resume();
    this.#ws.close(code, sentence);
  }
}
