import type { WebSocket } from 'ws';
import { type Channel, type ChannelWord, type FrameKind, Moved } from '../../processes/index.ts';
import type { Admitted } from '../room-admission.ts';
import type { DirectSocket } from '../room-socket.ts';
import { SendQueue } from '../send-queue.ts';

/** One socket of a room that another process holds, with its channel to there. */
export class Relayed {
  readonly #socket: DirectSocket;
  readonly #queue: SendQueue;
  readonly #entering = Promise.withResolvers<void>();
  #channel: Channel | null = null;
  #isIn = false;
  /** The holder asks not to read, or so much waits on the link. */
  #paused = { byHolder: false, byLink: false };

  constructor(
    socket: DirectSocket,
    readonly admitted: Admitted,
    private readonly holderLost: () => void,
  ) {
    this.#socket = socket;
    this.#queue = new SendQueue(this.#socket, {
      resync: () => this.#channel?.say('resync'),
      represent: () => this.#channel?.say('represent'),
    });
    // Whoever waits for it is told; it may be settled before anybody does.
    this.#entering.promise.catch(() => undefined);
  }

  get ws(): WebSocket {
    return this.#socket.ws;
  }

  readonly ends = {
    delivered: (kind: FrameKind, bytes: Uint8Array): void => this.#deliver(kind, bytes),
    said: (word: ChannelWord): void => this.#heed(word),
    closed: (close: { code: number; reason: string } | null): void => this.#closed(close),
  };

  /** Resolves when the holder let the socket in, or closed it with a reason. @throws Moved */
  entered(channel: Channel): Promise<void> {
    this.#channel = channel;
    return this.#entering.promise;
  }

  /** Frames are read from now on. */
  begin(): void {
    this.#readOrNot();
  }

  passOn(bytes: Uint8Array): void {
    const channel = this.#channel;
    channel?.send(bytes);
    if (channel?.isBusy !== true || this.#paused.byLink) return;
    this.#paused.byLink = true;
    this.#readOrNot();
    channel.onDrain(() => {
      this.#paused.byLink = false;
      this.#readOrNot();
    });
  }

  #deliver(kind: FrameKind, bytes: Uint8Array): void {
    if (kind === 'edit') this.#queue.sendEdit(bytes);
    else if (kind === 'presence') this.#queue.sendPresence(bytes);
    else this.#queue.send(bytes);
  }

  #heed(word: ChannelWord): void {
    if (word === 'entered') {
      this.#isIn = true;
      this.#entering.resolve();
    } else if (word === 'pause' || word === 'resume') {
      this.#paused.byHolder = word === 'pause';
      this.#readOrNot();
    }
  }

  #closed(close: { code: number; reason: string } | null): void {
    if (close !== null) {
      this.#socket.close(close.code, close.reason);
      this.#entering.resolve();
    } else if (this.#isIn) this.holderLost();
    else this.#entering.reject(new Moved('the room is not there any more'));
  }

  #readOrNot(): void {
    if (this.#paused.byHolder || this.#paused.byLink) this.#socket.pause();
    else this.#socket.resume();
  }
}
