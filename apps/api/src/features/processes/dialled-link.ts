import type { WebSocket } from 'ws';
import { DomainError } from '../../platform/errors/index.ts';
import type { ChannelWord, FrameKind, PeerMessage } from './peer-messages.ts';
import { PeerLink } from './peer-link.ts';
import { decodeRefusal } from './peer-refusal.ts';
import { CALL_TIMEOUT_MS, LINK_BUSY_BYTES, MAX_CHANNELS } from './process-limits.ts';
import { channels, openLinks } from './process-metrics.ts';

/** The other process does not answer: it is gone, or the way to it is. */
export class PeerLost extends Error {}

export type ChannelEnds = {
  readonly delivered: (kind: FrameKind, bytes: Uint8Array) => void;
  readonly said: (word: ChannelWord) => void;
  /** `code` and `reason` are for the socket; null when the other process is lost or has not to say. */
  readonly closed: (close: { readonly code: number; readonly reason: string } | null) => void;
};

/** One relayed socket, at the end where the socket is. */
export type Channel = {
  send(bytes: Uint8Array): void;
  say(word: ChannelWord): void;
  close(): void;
  /** So much waits that the socket should not be read from. */
  readonly isBusy: boolean;
  onDrain(listener: () => void): void;
};

type Call = { readonly resolve: (json: string) => void; readonly reject: (err: Error) => void };

/** The end of a link that asks: calls with one answer, and channels. */
export class DialledLink {
  readonly #link: PeerLink;
  readonly #calls = new Map<number, Call>();
  readonly #channels = new Map<number, ChannelEnds>();
  #nextId = 1;

  constructor(ws: WebSocket, lost: () => void) {
    openLinks.inc({ end: 'dialled' });
    this.#link = new PeerLink(ws, {
      received: (message) => this.#receive(message),
      lost: () => {
        openLinks.dec({ end: 'dialled' });
        lost();
        this.#endAll();
      },
    });
  }

  get isOpen(): boolean {
    return this.#link.isOpen;
  }

  close(): void {
    this.#link.close();
  }

  /** @throws PeerLost, or the DomainError that the other process answered with */
  call(name: string, payload: unknown): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#calls.delete(id);
        reject(new PeerLost(`no answer to ${name}`));
      }, CALL_TIMEOUT_MS).unref();
      const settle = (): void => {
        clearTimeout(timer);
        this.#calls.delete(id);
      };
      this.#calls.set(id, {
        resolve: (json) => {
          settle();
          resolve(JSON.parse(json) as unknown);
        },
        reject: (err) => {
          settle();
          reject(err);
        },
      });
      if (!this.#link.isOpen) this.#calls.get(id)?.reject(new PeerLost('the link is closed'));
      else this.#link.send({ type: 'call', id, name, json: JSON.stringify(payload) });
    });
  }

  /** @throws PeerLost when there are too many, or the link is gone */
  open(name: string, payload: unknown, ends: ChannelEnds): Channel {
    if (!this.#link.isOpen || this.#channels.size >= MAX_CHANNELS) throw new PeerLost('no channel is free');
    const channel = this.#nextId++;
    this.#channels.set(channel, ends);
    channels.inc({ end: 'relay' });
    const link = this.#link;
    link.send({ type: 'open', channel, name, json: JSON.stringify(payload) });
    return {
      send: (bytes) => link.send({ type: 'data', channel, bytes }),
      say: (word) => link.send({ type: 'word', channel, word }),
      close: () => {
        if (this.#forget(channel)) link.send({ type: 'close', channel, code: 0, reason: '' });
      },
      get isBusy() {
        return link.bufferedBytes > LINK_BUSY_BYTES;
      },
      onDrain: (listener) => link.onDrain(listener),
    };
  }

  #receive(message: PeerMessage): void {
    switch (message.type) {
      case 'answer': {
        const call = this.#calls.get(message.id);
        if (message.ok) call?.resolve(message.json);
        else call?.reject(decodeRefusal(message.json));
        return;
      }
      case 'deliver':
        for (const channel of message.channels)
          this.#channels.get(channel)?.delivered(message.kind, message.bytes);
        return;
      case 'word':
        return this.#channels.get(message.channel)?.said(message.word);
      case 'close': {
        const { channel, code, reason } = message;
        const ends = this.#channels.get(channel);
        if (this.#forget(channel)) ends?.closed(code === 0 ? null : { code, reason });
        return;
      }
      default:
        throw new DomainError('internal', `a ${message.type} is not for this end of a link`);
    }
  }

  #forget(channel: number): boolean {
    const was = this.#channels.delete(channel);
    if (was) channels.dec({ end: 'relay' });
    return was;
  }

  #endAll(): void {
    for (const call of [...this.#calls.values()]) call.reject(new PeerLost('the link broke off'));
    const open = [...this.#channels];
    for (const [channel, ends] of open) if (this.#forget(channel)) ends.closed(null);
  }
}
