import * as Y from 'yjs';
import { FrameError } from './frame-error.ts';
import { decodeFrame, encodeFrame, type Frame, type Hello, type NackReason } from './frames.ts';
import { MAX_FRAME_BYTES, MAX_SERVER_FRAME_BYTES } from './limits.ts';
import { freeControl, type RoomControl } from './room-control.ts';
import { RoomPresence } from './room-presence.ts';
import { readStateVector } from './update-facts.ts';
import { readTree, type TreeFile } from './workspace-document.ts';

/** What a client knows about its own edits, from acknowledgements alone. */
export type SessionState = {
  readonly connected: boolean;
  /** The document is whole: everything the server had at the handshake is here. */
  readonly synced: boolean;
  readonly saved: boolean;
  /** Milliseconds since the epoch of the oldest edit that is not durable; null when all are. */
  readonly unsavedSince: number | null;
  readonly storageOk: boolean;
  readonly role: string | null;
  /** Who drives, as the server last said; `turnEndsAt` is by the clock of this machine. */
  readonly control: RoomControl;
  readonly epoch: number | null;
  readonly connectionId: string | null;
  /** Content frames sent on this connection; a run waits for this one. */
  readonly lastFrame: number;
};

export type SessionEvents = {
  /** `state` or presence changed. */
  changed(): void;
  /** The server will not take what we have: text here and there differ for good, so the document must be loaded anew. */
  refused(reason: Extract<NackReason, 'read_only' | 'too_large' | 'bad_path'>): void;
  /** After a time without a connection everything is here again: what others changed meanwhile. */
  caughtUp?(before: readonly TreeFile[], after: readonly TreeFile[]): void;
  /** The workspace was reset: this document's text must not be mixed with the new one's. */
  epochChanged(epoch: number): void;
};

type SentFrame = { readonly n: number; readonly changes: number; readonly sentAt: number };

/** Origin of changes that came from the server: everything else is an edit of ours. */
export const REMOTE_ORIGIN = Symbol('remote');

/**
 * The client's side of `lineage.v1` for one document at one epoch, over any number of connections, without a socket:
 * give it bytes, it gives bytes. Says `saved` only when the server acknowledged every edit as durable.
 */
export class RoomSession {
  readonly doc: Y.Doc;
  readonly presence: RoomPresence;
  readonly #events: SessionEvents;
  #send: ((bytes: Uint8Array) => void) | null = null;
  #state: SessionState = initialState;
  /** Edits made here; `#savedChanges` of them are durable. */
  #changes = 0;
  #savedChanges = 0;
  #frames: SentFrame[] = [];
  /** The server asked for what it lacks and was answered: edits go out as they are made. */
  #streaming = false;
  #over = false;
  #wasSynced = false;

  constructor(doc: Y.Doc, events: SessionEvents) {
    this.doc = doc;
    this.#events = events;
    this.presence = new RoomPresence(
      doc.clientID,
      (frame) => this.#sendFrame(frame),
      () => events.changed(),
    );
    doc.on('update', this.#onUpdate);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** A socket that negotiated `lineage.v1` is open; the server speaks first. */
  opened(send: (bytes: Uint8Array) => void): void {
    this.#send = send;
    this.#set({ connected: true, lastFrame: 0 });
  }

  closed(): void {
    this.#send = null;
    this.#streaming = false;
    this.#frames = [];
    this.presence.closed();
    this.#set({ connected: false, synced: false, connectionId: null, lastFrame: 0 });
  }

  /** One message of the socket. @throws FrameError when it is not one of the protocol */
  receive(bytes: Uint8Array): void {
    if (this.#over) return;
    const frame = decodeFrame(bytes, MAX_SERVER_FRAME_BYTES);
    if (frame !== null) this.#take(frame);
  }

  /** Asks for what is missing here, which is nothing as a rule: the answer shows that somebody is there. */
  ask(): void {
    if (this.#state.synced) this.#sendFrame(this.#question());
  }

  destroy(): void {
    this.#over = true;
    this.#send = null;
    this.doc.off('update', this.#onUpdate);
    this.presence.closed();
  }

  #take(frame: Frame): void {
    switch (frame.type) {
      case 'hello':
        return this.#greet(frame.hello);
      case 'sync-step-1':
        return this.#answer(frame.stateVector);
      case 'sync-step-2':
        return this.#catchUp(frame.update);
      case 'update':
        return this.#apply(frame.update);
      case 'presence':
        return this.presence.receive(frame.entries);
      case 'ack':
        return this.#acknowledge(frame.n);
      case 'nack':
        return this.#refuse(frame.reason);
      case 'role':
        return this.#set({ role: frame.role });
      case 'control':
        return this.#set({ control: byOurClock(frame.control, frame.sentAt) });
      case 'storage':
        return this.#set({ storageOk: frame.ok });
      case 'query-presence':
        return this.presence.announce();
    }
  }

  #catchUp(update: Uint8Array): void {
    const before = this.#wasSynced && !this.#state.synced ? readTree(this.doc) : null;
    this.#apply(update);
    this.#wasSynced = true;
    this.#set({ synced: true });
    if (before !== null) this.#events.caughtUp?.(before, readTree(this.doc));
  }

  #greet({ epoch, role, connectionId }: Hello): void {
    if (this.#state.epoch !== null && this.#state.epoch !== epoch) {
      this.#over = true;
      this.#events.epochChanged(epoch);
      return;
    }
    this.#set({ epoch, role, connectionId, storageOk: true });
    this.#sendFrame(this.#question());
    this.presence.announce();
  }

  #question(): Frame {
    return { type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) };
  }

  #answer(stateVector: Uint8Array): void {
    readStateVector(stateVector);
    this.#streaming = true;
    this.#sendContent({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, stateVector) });
  }

  #apply(update: Uint8Array): void {
    try {
      Y.applyUpdate(this.doc, update, REMOTE_ORIGIN);
    } catch {
      throw new FrameError('an update that cannot be applied');
    }
  }

  #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === REMOTE_ORIGIN) return;
    this.#changes += 1;
    this.#set({ saved: false, unsavedSince: this.#state.unsavedSince ?? Date.now() });
    if (this.#streaming) this.#sendContent({ type: 'update', update });
  };

  /** What the server would not even read is not sent: it would end the connection, and so would every repetition. */
  #sendContent(frame: Extract<Frame, { type: 'sync-step-2' | 'update' }>): void {
    const bytes = encodeFrame(frame);
    if (bytes.length > MAX_FRAME_BYTES) return this.#refuse('too_large');
    const n = this.#state.lastFrame + 1;
    this.#frames.push({ n, changes: this.#changes, sentAt: Date.now() });
    this.#send?.(bytes);
    this.#set({ lastFrame: n });
  }

  #sendFrame(frame: Frame): void {
    this.#send?.(encodeFrame(frame));
  }

  #acknowledge(n: number): void {
    const acknowledged = this.#frames.filter((frame) => frame.n <= n).at(-1);
    if (acknowledged === undefined) return;
    this.#savedChanges = Math.max(this.#savedChanges, acknowledged.changes);
    this.#frames = this.#frames.filter((frame) => frame.n > n);
    const saved = this.#savedChanges === this.#changes;
    this.#set({ saved, unsavedSince: saved ? null : (this.#frames[0]?.sentAt ?? Date.now()) });
  }

  #refuse(reason: NackReason): void {
    // After these two the server asks for what it lacks as soon as it can take it.
    if (reason === 'storage' || reason === 'gap') return;
    this.#over = true;
    this.#events.refused(reason);
  }

  #set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    this.#events.changed();
  }
}

/** Clocks of people's machines are wrong by minutes: what counts is how long the turn still lasts. */
const byOurClock = (control: RoomControl, sentAt: number): RoomControl =>
  control.turnEndsAt === null
    ? control
    : { ...control, turnEndsAt: control.turnEndsAt - sentAt + Date.now() };

const initialState: SessionState = {
  connected: false,
  synced: false,
  saved: true,
  unsavedSince: null,
  storageOk: true,
  role: null,
  control: freeControl,
  epoch: null,
  connectionId: null,
  lastFrame: 0,
};
