import type { WebSocket } from 'ws';
import { log } from '../../platform/logging/index.ts';
import type { ChannelWord, FrameKind, PeerMessage } from './peer-messages.ts';
import { PeerLink } from './peer-link.ts';
import { encodeRefusal } from './peer-refusal.ts';
import { MAX_CHANNELS } from './process-limits.ts';
import { channels, openLinks } from './process-metrics.ts';

export type ServedChannelEnds = {
  readonly received: (bytes: Uint8Array) => void;
  readonly said: (word: ChannelWord) => void;
  /** The socket is closed, or its process is lost. Called once, unless this end closed the channel. */
  readonly gone: () => void;
};

/** One relayed socket, at the end that serves it. */
export type ServedChannel = {
  readonly isOpen: boolean;
  /** What waits on the link, whomever it is for. */
  readonly bufferedBytes: number;
  deliver(kind: FrameKind, bytes: Uint8Array): void;
  say(word: ChannelWord): void;
  /** Code 0 tells the relay to look where what it asked for is now. */
  close(code: number, reason: string): void;
  onDrain(listener: () => void): void;
  /** What the channel is for, from now on. */
  take(ends: ServedChannelEnds): void;
};

export type Answerer = (payload: unknown) => Promise<unknown>;
export type ChannelServer = (channel: ServedChannel, payload: unknown) => void;
export type Services = {
  readonly calls: ReadonlyMap<string, Answerer>;
  readonly channels: ReadonlyMap<string, ChannelServer>;
};

/** The end of a link that answers. */
export class ServedLink {
  readonly #link: PeerLink;
  readonly #open = new Map<number, { ends: ServedChannelEnds | null }>();

  constructor(
    ws: WebSocket,
    private readonly services: Services,
    lost: () => void,
  ) {
    openLinks.inc({ end: 'served' });
    this.#link = new PeerLink(ws, {
      received: (message) => this.#receive(message),
      lost: () => {
        openLinks.dec({ end: 'served' });
        lost();
        for (const channel of [...this.#open.keys()]) this.#gone(channel);
      },
    });
  }

  close(): void {
    this.#link.close();
  }

  #receive(message: PeerMessage): void {
    switch (message.type) {
      case 'call':
        void this.#answer(message);
        return;
      case 'open':
        return this.#serve(message);
      case 'data':
        return this.#open.get(message.channel)?.ends?.received(message.bytes);
      case 'word':
        return this.#open.get(message.channel)?.ends?.said(message.word);
      case 'close':
        return this.#gone(message.channel);
      default:
        log.error({ type: message.type }, 'message of another process that is not for this end');
    }
  }

  async #answer({ id, name, json }: Extract<PeerMessage, { type: 'call' }>): Promise<void> {
    try {
      const call = this.services.calls.get(name);
      if (call === undefined) throw new Error(`no process answers ${name}`);
      const answer = JSON.stringify((await call(JSON.parse(json))) ?? null);
      this.#link.send({ type: 'answer', id, ok: true, json: answer });
    } catch (err) {
      this.#link.send({ type: 'answer', id, ok: false, json: encodeRefusal(err) });
    }
  }

  #serve({ channel, name, json }: Extract<PeerMessage, { type: 'open' }>): void {
    const serve = this.services.channels.get(name);
    const isFull = this.#open.size >= MAX_CHANNELS;
    if (serve === undefined || isFull || this.#open.has(channel))
      return this.#link.send({ type: 'close', channel, code: 0, reason: '' });
    this.#open.set(channel, { ends: null });
    channels.inc({ end: 'holder' });
    serve(this.#channel(channel), JSON.parse(json));
  }

  #channel(channel: number): ServedChannel {
    const [link, open] = [this.#link, this.#open];
    return {
      get isOpen() {
        return open.has(channel) && link.isOpen;
      },
      get bufferedBytes() {
        return link.bufferedBytes;
      },
      deliver: (kind, bytes) => {
        if (open.has(channel)) link.deliver(channel, kind, bytes);
      },
      say: (word) => {
        if (open.has(channel)) link.send({ type: 'word', channel, word });
      },
      close: (code, reason) => {
        if (this.#forget(channel)) link.send({ type: 'close', channel, code, reason });
      },
      onDrain: (listener) => link.onDrain(listener),
      take: (ends) => {
        const entry = open.get(channel);
        if (entry === undefined) ends.gone();
        else entry.ends = ends;
      },
    };
  }

  #gone(channel: number): void {
    const entry = this.#open.get(channel);
    if (this.#forget(channel)) entry?.ends?.gone();
  }

  #forget(channel: number): boolean {
    const was = this.#open.delete(channel);
    if (was) channels.dec({ end: 'holder' });
    return was;
  }
}
