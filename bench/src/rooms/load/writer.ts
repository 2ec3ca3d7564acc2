import { decodeFrame, listFiles, MAX_SERVER_FRAME_BYTES } from '@lineage/collab';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';
import { connect } from './connect.ts';
import { encodeEdit, type Place } from './protocols.ts';
import { stamp } from './stamp.ts';

const TICK_MS = 1;

/** One client that writes stamped edits, on a clock that waits for nothing. */
export class Writer {
  #nth = 0;
  #lost: Error | null = null;
  readonly #socket: WebSocket;
  readonly #write: (text: string) => void;

  private constructor(place: Place, socket: WebSocket, write: (text: string) => void) {
    this.#socket = socket;
    this.#write = write;
    if (place.dialect === 'lineage') {
      socket.on('message', (data: Buffer) => {
        const frame = decodeFrame(data, MAX_SERVER_FRAME_BYTES);
        if (frame?.type === 'nack') this.#lost ??= new Error(`an edit was not taken: ${frame.reason}`);
      });
    }
    socket.on('close', (code, reason) => {
      this.#lost ??= new Error(`${place.dialect} sent the writer out with ${code} ${reason.toString()}`);
    });
  }

  /** `pasted`: with each edit so many characters are taken away, and as many put in before the stamp. */
  static async enter(place: Place, pasted = 0): Promise<Writer> {
    const { socket, state } = await connect(place);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, state);
    doc.on('update', (update: Uint8Array) => socket.send(encodeEdit(place, update)));
    const text = listFiles(doc)[0]?.text ?? doc.getText('text');
    const page = 'p'.repeat(pasted);
    return new Writer(place, socket, (inserted) => {
      // Two edits: a stamp is found where nothing was taken away.
      if (pasted > 0 && text.length > 2 * pasted)
        text.delete(text.length - pasted - inserted.length, pasted + inserted.length);
      text.insert(text.length, page + inserted);
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  /** Resolves to the number of edits that went out. @throws Error when the server closes the socket meanwhile */
  writeFor(durationMs: number, perSecond: number): Promise<number> {
    const beganAt = performance.now();
    let written = 0;
    return new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        const elapsedMs = Math.min(performance.now() - beganAt, durationMs);
        for (const due = (elapsedMs * perSecond) / 1000; written < due; written++)
          this.#write(stamp(this.#nth++));
        if (elapsedMs < durationMs) return;
        clearInterval(timer);
        if (this.#lost === null) resolve(written);
        else reject(this.#lost);
      }, TICK_MS);
    });
  }
}
