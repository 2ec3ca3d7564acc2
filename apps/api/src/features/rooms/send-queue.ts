import { closeCodes } from '@lineage/collab';
import type { WebSocket } from 'ws';
import { SLOW_CLOSE_BYTES, SLOW_NO_PRESENCE_BYTES, SLOW_RESYNC_BYTES } from './room-limits.ts';
import { closes, presenceSuppressed } from './room-metrics.ts';

/**
 * What waits to be sent to one socket, in three levels: a slow reader first gets no presence, then no edits until it
 * caught up and is resynchronised, and is closed when it reads nothing at all.
 */
export class SendQueue {
  readonly #ws: WebSocket;
  readonly #resync: () => void;
  readonly #represent: () => void;
  #missedPresence = false;
  #missedEdits = false;

  /** `resync` and `represent` send the whole document or everybody's presence once the reader caught up. */
  constructor(ws: WebSocket, catchUp: { resync: () => void; represent: () => void }) {
    this.#ws = ws;
    this.#resync = catchUp.resync;
    this.#represent = catchUp.represent;
  }

  sendPresence(frame: Uint8Array): void {
    if (this.#ws.bufferedAmount > SLOW_NO_PRESENCE_BYTES) {
      this.#missedPresence = true;
      presenceSuppressed.inc();
      return;
    }
    this.#write(frame);
  }

  sendEdit(frame: Uint8Array): void {
    if (this.#missedEdits || this.#ws.bufferedAmount > SLOW_RESYNC_BYTES) {
      this.#missedEdits = true;
      return;
    }
    this.#write(frame);
  }

  /** Answers and acknowledgements: few, and nobody can do without. */
  send(frame: Uint8Array): void {
    if (this.#ws.bufferedAmount > SLOW_CLOSE_BYTES) {
      const { code, sentence } = closeCodes.overloaded;
      closes.inc({ reason: 'overloaded' });
      this.#ws.close(code, sentence);
      return;
    }
    this.#write(frame);
  }

  #write(frame: Uint8Array): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.send(frame, { binary: true }, () => this.#sent());
  }

  #sent(): void {
    if (this.#ws.bufferedAmount > 0) return;
    if (this.#missedEdits) {
      this.#missedEdits = false;
      this.#resync();
    }
    if (this.#missedPresence) {
      this.#missedPresence = false;
      this.#represent();
    }
  }
}
