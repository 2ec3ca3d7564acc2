import { decodeFrame, decodePresence, encodePresence, MAX_SERVER_FRAME_BYTES } from '@lineage/collab';
import * as decoding from 'lib0/decoding';
import type { WebSocket } from 'ws';
import { connectAll } from './connect.ts';
import type { Received } from './load-messages.ts';
import { encodePresenceMessage, type Place } from './protocols.ts';
import { stamp, readStampText } from './stamp.ts';

const EVERY_MS = 1_000;
/** Of each process: the others count what comes, because to read everything of everybody is more than the serving of it. */
const WATCHERS = 4;
const HOCUSPOCUS_AWARENESS = 1;

/** People in one document who say where they are, and move once a second when they are told to. */
export class People {
  readonly #sockets: readonly WebSocket[];
  readonly #clientIds: readonly number[];
  readonly #places: readonly Place[];
  #timers: NodeJS.Timeout[] = [];
  #clock = 1;
  #received = nothing();
  #ages: number[] = [];

  constructor(places: readonly Place[], sockets: readonly WebSocket[]) {
    this.#places = places;
    this.#sockets = sockets;
    this.#clientIds = sockets.map(() => 1_000_000 + Math.floor(Math.random() * 2 ** 31));
    for (const [nth, socket] of sockets.entries()) {
      socket.on('close', () => (this.#received.closed += 1));
      socket.on('ping', () => (this.#received.pings += 1));
      socket.on('message', (data: Buffer) => {
        this.#received.messages += 1;
        this.#received.bytes += data.length;
        if (nth < WATCHERS) this.#watch(data, this.#places[nth]);
      });
      this.#tell(nth, null);
    }
  }

  static async enter(places: readonly Place[]): Promise<People> {
    return new People(
      places,
      (await connectAll(places)).map(({ socket }) => socket),
    );
  }

  /** Each at a moment of its own. */
  move(): void {
    this.#timers = this.#sockets.map((_, nth) =>
      setTimeout(() => {
        this.#tell(nth, stamp(nth));
        this.#timers.push(setInterval(() => this.#tell(nth, stamp(nth)), EVERY_MS));
      }, Math.random() * EVERY_MS),
    );
  }

  rest(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  take(): Received {
    const received = { ...this.#received, edits: this.#ages.length, agesMs: Float64Array.from(this.#ages) };
    this.#ages = [];
    this.#received = nothing();
    return received;
  }

  stall(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  leave(): void {
    this.rest();
    for (const socket of this.#sockets) socket.terminate();
  }

  /** As the editor says it: a selection as two positions, which are what they are because of the text. */
  #tell(nth: number, moment: string | null): void {
    const [socket, clientId, place] = [this.#sockets[nth], this.#clientIds[nth], this.#places[nth]];
    if (socket?.readyState !== socket?.OPEN || clientId === undefined || place === undefined) return;
    this.#clock += 1;
    const at = { type: null, tname: null, item: { client: clientId, clock: this.#clock }, assoc: 0 };
    const cursor = moment === null ? null : { file: 'f1', anchor: at, head: at, moment };
    const state = { cursor, point: null, top: null, follows: null, gather: null };
    const entries = [{ clientId, clock: this.#clock, state }];
    socket?.send(encodePresenceMessage(place, encodePresence(entries)));
  }

  #watch(data: Buffer, place: Place | undefined): void {
    for (const { state } of entriesOf(data, place)) {
      const cursor = state?.['cursor'] as { moment?: string } | null | undefined;
      if (typeof cursor?.moment === 'string') this.#ages.push(readStampText(cursor.moment).ageMs);
    }
  }
}

const nothing = (): { messages: number; bytes: number; pings: number; closed: number } => ({
  messages: 0,
  bytes: 0,
  pings: 0,
  closed: 0,
});

function entriesOf(data: Buffer, place: Place | undefined): ReturnType<typeof decodePresence> {
  if (place?.dialect !== 'hocuspocus') {
    const frame = decodeFrame(data, MAX_SERVER_FRAME_BYTES);
    return frame?.type === 'presence' ? [...frame.entries] : [];
  }
  const from = decoding.createDecoder(data);
  decoding.readVarString(from);
  if (decoding.readVarUint(from) !== HOCUSPOCUS_AWARENESS) return [];
  return decodePresence(decoding.readVarUint8Array(from));
}
