import type { RawData, WebSocket } from 'ws';
import { log } from '../../platform/logging/index.ts';
import {
  decodePeerMessage,
  encodePeerMessage,
  type FrameKind,
  type PeerMessage,
  PeerMessageError,
} from './peer-messages.ts';
import { LINK_MOST_BYTES, LINK_PING_MS, LINK_SILENT_MS } from './process-limits.ts';
import { linkBytes } from './process-metrics.ts';

export type LinkEnds = {
  readonly received: (message: PeerMessage) => void;
  /** Called once; nothing is received after it. */
  readonly lost: () => void;
};

/** One connection between two processes: messages in order, what waits is bounded, silence ends it. */
export class PeerLink {
  readonly #ws: WebSocket;
  readonly #ends: LinkEnds;
  /** Not sent yet: the same bytes may go to the next channel too. */
  #delivery: { readonly kind: FrameKind; readonly bytes: Uint8Array; readonly channels: number[] } | null =
    null;
  readonly #drains = new Set<() => void>();
  #heardAt = performance.now();
  readonly #pinging: NodeJS.Timeout;
  #isLost = false;

  constructor(ws: WebSocket, ends: LinkEnds) {
    this.#ws = ws;
    this.#ends = ends;
    ws.on('message', (data) => this.#receive(data));
    ws.on('pong', () => (this.#heardAt = performance.now()));
    ws.on('ping', () => (this.#heardAt = performance.now()));
    ws.on('close', () => this.#end());
    ws.on('error', (err) => log.info({ err }, 'link to another process failed'));
    this.#pinging = setInterval(() => this.#ping(), LINK_PING_MS).unref();
  }

  get isOpen(): boolean {
    return !this.#isLost && this.#ws.readyState === this.#ws.OPEN;
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(message: PeerMessage): void {
    this.#flush();
    this.#write(message);
  }

  /** Bytes for the socket of a channel. The same bytes for one channel after the other are sent once. */
  deliver(channel: number, kind: FrameKind, bytes: Uint8Array): void {
    if (this.#delivery?.bytes === bytes && this.#delivery.kind === kind) {
      this.#delivery.channels.push(channel);
      return;
    }
    this.#flush();
    this.#delivery = { kind, bytes, channels: [channel] };
    queueMicrotask(() => this.#flush());
  }

  /** Called once, when nothing waits any more. */
  onDrain(listener: () => void): void {
    this.#drains.add(listener);
  }

  close(): void {
    this.#flush();
    this.#ws.close();
  }

  terminate(): void {
    this.#ws.terminate();
    this.#end();
  }

  #flush(): void {
    const delivery = this.#delivery;
    if (delivery === null) return;
    this.#delivery = null;
    this.#write({ type: 'deliver', ...delivery });
  }

  #write(message: PeerMessage): void {
    if (!this.isOpen) return;
    if (this.#ws.bufferedAmount > LINK_MOST_BYTES) {
      log.error('link to another process given up: it does not take what is sent');
      this.terminate();
      return;
    }
    const bytes = encodePeerMessage(message);
    linkBytes.inc(bytes.length);
    this.#ws.send(bytes, { binary: true }, () => this.#sent());
  }

  #sent(): void {
    if (this.#drains.size === 0 || this.#ws.bufferedAmount > 0) return;
    const drains = [...this.#drains];
    this.#drains.clear();
    for (const drained of drains) drained();
  }

  #receive(data: RawData): void {
    if (this.#isLost) return;
    this.#heardAt = performance.now();
    let message: PeerMessage;
    try {
      message = decodePeerMessage(toBytes(data));
    } catch (err) {
      if (!(err instanceof PeerMessageError)) throw err;
      log.error({ err }, 'link to another process given up: it speaks another language');
      this.terminate();
      return;
    }
    try {
      this.#ends.received(message);
    } catch (err) {
      log.error({ err, type: message.type }, 'message of another process failed');
    }
  }

  #ping(): void {
    const silent = performance.now() - this.#heardAt > LINK_SILENT_MS;
    // A process that slept hears at once what came meanwhile, so that this timer must not be the first to look.
    if (silent) setImmediate(() => this.#endIfSilent());
    else if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  #endIfSilent(): void {
    if (performance.now() - this.#heardAt <= LINK_SILENT_MS) return;
    if (!this.#isLost) log.warn('link to another process is silent');
    this.terminate();
  }

  #end(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    clearInterval(this.#pinging);
    this.#drains.clear();
    this.#ends.lost();
  }
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
