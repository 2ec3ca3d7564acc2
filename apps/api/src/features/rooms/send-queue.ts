import { closeCodes } from '@lineage/collab';
import type { FrameKind } from '../processes/index.ts';
import { closes, presenceSuppressed } from './room-metrics.ts';
import type { RoomSocket } from './room-socket.ts';

/**
 * What waits to be sent to one socket, in three levels: a slow reader first gets no presence, then no edits until it
 * caught up and is resynchronised, and is closed when it reads nothing at all.
 */
export class SendQueue {
  readonly #socket: RoomSocket;
  readonly #resync: () => void;
  readonly #represent: () => void;
  readonly #drained = (): void => this.#catchUp();
  #missedPresence = false;
  #missedEdits = false;
  #waits = false;

  /** `resync` and `represent` send the whole document or everybody's presence once the reader caught up. */
  constructor(socket: RoomSocket, catchUp: { resync: () => void; represent: () => void }) {
    this.#socket = socket;
    this.#resync = catchUp.resync;
    this.#represent = catchUp.represent;
  }

  sendPresence(frame: Uint8Array): void {
    if (this.#socket.bufferedBytes > this.#socket.levels.noPresence) {
      this.#missedPresence = true;
      presenceSuppressed.inc();
      this.#waitForDrain();
      return;
    }
    this.#write(frame, 'presence');
  }

  sendEdit(frame: Uint8Array): void {
    if (this.#missedEdits || this.#socket.bufferedBytes > this.#socket.levels.resync) {
      this.#missedEdits = true;
      this.#waitForDrain();
      return;
    }
    this.#write(frame, 'edit');
  }

  /** Answers and acknowledgements: few, and nobody can do without. */
  send(frame: Uint8Array): void {
    if (this.#socket.bufferedBytes > this.#socket.levels.close) {
      const { code, sentence } = closeCodes.overloaded;
      closes.inc({ reason: 'overloaded' });
      this.#socket.close(code, sentence);
      return;
    }
    this.#write(frame, 'answer');
  }

  #write(frame: Uint8Array, kind: FrameKind): void {
    if (this.#socket.isOpen) this.#socket.send(frame, kind);
  }

  #waitForDrain(): void {
    if (this.#waits) return;
    this.#waits = true;
    this.#socket.onDrain(this.#drained);
  }

  #catchUp(): void {
    this.#waits = false;
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
