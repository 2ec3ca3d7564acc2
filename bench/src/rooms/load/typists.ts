import { decodeFrame, listFiles, MAX_SERVER_FRAME_BYTES } from '@lineage/collab';
import * as Y from 'yjs';
import { LatencyLog } from '../../keystroke/latency-log.ts';
import { typeFor } from '../../keystroke/type-for.ts';
import type { Typist } from '../../keystroke/typist.ts';
import { type Connected, connectAll } from './connect.ts';
import { Letters, updatesOf } from './letters.ts';
import type { Received } from './load-messages.ts';
import { encodeEdit, type Place } from './protocols.ts';

/** Clients that type, each in a workspace of its own, and note how long each acknowledgement takes. */
export class Typists {
  readonly #typists: readonly Typist[];

  constructor(typists: readonly Typist[]) {
    this.#typists = typists;
  }

  static async enter(places: readonly Place[]): Promise<Typists> {
    const connected = await connectAll(places);
    return new Typists(connected.map((one) => typistOf(one)));
  }

  /** All in turn, `perSecond` together, until everything is acknowledged. */
  async type(durationMs: number, perSecond: number): Promise<Received> {
    const { latencies } = await typeFor(this.#typists, perSecond, durationMs);
    return {
      edits: latencies.length,
      agesMs: Float64Array.from(latencies),
      ...{ messages: 0, bytes: 0, pings: 0, closed: 0 },
    };
  }

  leave(): void {
    for (const typist of this.#typists) typist.close();
  }
}

function typistOf({ socket, state, place }: Connected): Typist {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const text = listFiles(doc)[0]?.text;
  if (text === undefined) throw new Error('the workspace has no file');
  const log = new LatencyLog();
  socket.on('message', (data: Buffer) => {
    const frame = decodeFrame(data, MAX_SERVER_FRAME_BYTES);
    // The first content frame was the answer of the handshake.
    if (frame?.type === 'ack' && frame.n > 1) log.acknowledgedUpTo(frame.n - 1);
    if (frame?.type === 'nack') throw new Error(`an edit was not taken: ${frame.reason}`);
  });
  log.sent();
  for (const update of updatesOf(doc, () => text.insert(text.length, 'x')))
    socket.send(encodeEdit(place, update));
  const letters = new Letters(doc, text);
  return {
    log,
    type() {
      log.sent();
      socket.send(encodeEdit(place, letters.next()));
    },
    close: () => socket.terminate(),
  };
}
