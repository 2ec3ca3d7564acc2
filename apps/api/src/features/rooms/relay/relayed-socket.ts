import {
  type FrameKind,
  LINK_SLOW_CLOSE_BYTES,
  LINK_SLOW_NO_PRESENCE_BYTES,
  LINK_SLOW_RESYNC_BYTES,
  type ServedChannel,
} from '../../processes/index.ts';
import type { RoomSocket, SlowLevels } from '../room-socket.ts';

/** Many sockets share a link, so more may wait on it; what waits for one slow reader waits at its relay. */
const linkLevels: SlowLevels = {
  noPresence: LINK_SLOW_NO_PRESENCE_BYTES,
  resync: LINK_SLOW_RESYNC_BYTES,
  close: LINK_SLOW_CLOSE_BYTES,
};

/** A socket that another process has, as its room sees it. */
export class RelayedSocket implements RoomSocket {
  readonly levels = linkLevels;
  readonly isRelayed = true;
  readonly #channel: ServedChannel;
  readonly #onClose: () => void;

  /** `onClose` is called after the room itself closed the socket. */
  constructor(channel: ServedChannel, onClose: () => void) {
    this.#channel = channel;
    this.#onClose = onClose;
  }

  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  get bufferedBytes(): number {
    return this.#channel.bufferedBytes;
  }

  send(frame: Uint8Array, kind: FrameKind): void {
    this.#channel.deliver(kind, frame);
  }

  onDrain(listener: () => void): void {
    this.#channel.onDrain(listener);
  }

  /** The link gathers by itself. */
  gather(): void {}
  sendGathered(): void {}

  pause(): void {
    this.#channel.say('pause');
  }

  resume(): void {
    this.#channel.say('resume');
  }

  close(code: number, sentence: string): void {
    if (!this.#channel.isOpen) return;
    this.#channel.close(code, sentence);
    // As a socket's own closing, which is told in a later turn.
    setImmediate(this.#onClose);
  }
}
