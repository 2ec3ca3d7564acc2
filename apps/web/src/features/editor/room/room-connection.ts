import {
  closeCodes,
  FrameError,
  isTransient,
  LINEAGE_SUBPROTOCOL,
  type PresencePoint,
  readTree,
  RoomSession,
  type SessionState,
  type TreeFile,
} from '@lineage/collab';
import type { WorkspaceId } from '@lineage/contracts';
import * as Y from 'yjs';
import { reconnectDelay } from './backoff.ts';
import type { UnsavedKeeper } from '../away/unsaved-keeper.ts';

/** Text that could not be saved and must not be mixed with what is on the server now. */
export type LostText = {
  readonly why: 'epoch' | 'read_only' | 'too_large' | 'bad_path' | 'author';
  readonly files: readonly TreeFile[];
};

/** What happened in a time without a connection that was long enough to lose sight. */
export type Meanwhile = {
  readonly before: readonly TreeFile[];
  readonly after: readonly TreeFile[];
  readonly awayMs: number;
};

/** Everything a view of the room shows; a new object for each change. */
export type RoomView = {
  readonly doc: Y.Doc;
  readonly session: SessionState;
  readonly people: RoomSession['presence']['people'];
  /** The line that one points at oneself. */
  readonly point: PresencePoint | null;
  /** When the next attempt to connect begins, in milliseconds since the epoch; null while connected or connecting. */
  readonly retryAt: number | null;
  /** The close code after which connecting again is of no use. */
  readonly stopped: number | null;
  readonly lost: LostText | null;
  /** What others changed while this page had no connection. */
  readonly meanwhile: Meanwhile | null;
  /** Text of before a reset was all saved: worth a sentence only. */
  readonly wasReset: boolean;
};

/** A connection that does not open in this time is not going to. */
const OPEN_DEADLINE_MS = 10_000;
/** A server that owes an answer and says nothing for this long is gone: the network changed under us. */
const SILENCE_MS = 10_000;
const LOOK_EVERY_MS = 2_000;
/** Where nothing happened for this long the server is asked whether it is there; a hall asks no more often than a class. */
const ASK_AFTER_MS = 15_000;
const ASK_AFTER_MS_PER_PERSON = 300;
/** Nothing on the screen needs the keeper of unsaved edits, so it is loaded this long after. */
const KEEPER_AFTER_MS = 2_000;
/** A shorter time without a connection needs no summary: one was looking. */
const AWAY_MS = 20_000;

/**
 * One workspace's socket for as long as the page shows it: connects, reconnects, and begins a fresh document when the
 * old one may not be mixed with the server's. `onView` is called at most once a microtask.
 */
export class RoomConnection {
  readonly workspaceId: WorkspaceId;
  readonly #address: string;
  readonly #onView: (view: RoomView) => void;
  #session: RoomSession;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #retryAt: number | null = null;
  #stopped: number | null = null;
  #lost: LostText | null = null;
  #wasReset = false;
  #told = false;
  #ended = false;
  #heardAt = 0;
  /** A question whether the server is there, without an answer yet. */
  #askedAt: number | null = null;
  #watch: ReturnType<typeof setInterval> | null = null;
  #awaySince: number | null = null;
  #meanwhile: Meanwhile | null = null;
  readonly #accountId: string;
  #keeper: UnsavedKeeper | null = null;
  #keeperTimer: ReturnType<typeof setTimeout> | null = null;
  #isKeeperAskedFor = false;

  constructor(
    workspaceId: WorkspaceId,
    address: string,
    accountId: string,
    onView: (view: RoomView) => void,
  ) {
    this.workspaceId = workspaceId;
    this.#address = address;
    this.#onView = onView;
    this.#accountId = accountId;
    this.#session = this.#newSession();
    globalThis.addEventListener?.('online', this.#now);
    this.#watch = setInterval(() => this.#dropIfSilent(), LOOK_EVERY_MS);
    this.#connect();
  }

  get session(): RoomSession {
    return this.#session;
  }

  get view(): RoomView {
    return {
      doc: this.#session.doc,
      session: this.#session.state,
      people: this.#session.presence.people,
      point: this.#session.presence.own.point,
      retryAt: this.#retryAt,
      stopped: this.#stopped,
      lost: this.#lost,
      meanwhile: this.#meanwhile,
      wasReset: this.#wasReset,
    };
  }

  /** Tries at once instead of waiting. */
  retryNow(): void {
    this.#stopped = null;
    this.#now();
  }

  /** The person has seen, and kept if they wanted, what could not be saved. */
  forgetLost(): void {
    this.#lost = null;
    this.#wasReset = false;
    this.#keeper?.dismissLost();
    this.#tell();
  }

  /** The person has seen what happened meanwhile. */
  forgetMeanwhile(): void {
    this.#meanwhile = null;
    this.#tell();
  }

  end(): void {
    this.#ended = true;
    globalThis.removeEventListener?.('online', this.#now);
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#drop();
    if (this.#keeperTimer !== null) clearTimeout(this.#keeperTimer);
    this.#keeper?.end();
    this.#session.destroy();
    this.#session.doc.destroy();
  }

  #newSession(): RoomSession {
    const session = new RoomSession(new Y.Doc(), {
      changed: () => this.#tell(),
      refused: (reason) => this.#startAfresh(reason),
      epochChanged: () => this.#startAfresh('epoch'),
      caughtUp: (before, after) => this.#caughtUp(before, after),
    });
    this.#keeper?.watch(session);
    return session;
  }

  #caughtUp(before: readonly TreeFile[], after: readonly TreeFile[]): void {
    const awayMs = this.#awaySince === null ? 0 : Date.now() - this.#awaySince;
    this.#awaySince = null;
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    if (awayMs >= AWAY_MS && !isSame) this.#meanwhile = { before, after, awayMs };
  }

  /** With the first edit, else when the page had time for what is on the screen. */
  #wantKeeper(): void {
    const { synced, saved } = this.#session.state;
    if (!synced || this.#isKeeperAskedFor) return;
    if (saved) this.#keeperTimer ??= setTimeout(() => void this.#loadKeeper(), KEEPER_AFTER_MS);
    else void this.#loadKeeper();
  }

  async #loadKeeper(): Promise<void> {
    if (this.#isKeeperAskedFor) return;
    this.#isKeeperAskedFor = true;
    if (this.#keeperTimer !== null) clearTimeout(this.#keeperTimer);
    this.#keeperTimer = null;
    try {
      const { browserKeeper } = await import('../away/unsaved.ts');
      if (this.#ended) return;
      const owner = { workspaceId: this.workspaceId, accountId: this.#accountId };
      this.#keeper = browserKeeper(owner, (files) => {
        if (this.#lost !== null) return false;
        this.#lost = { why: 'epoch', files };
        this.#tell();
        return true;
      });
      this.#keeper.watch(this.#session);
      this.#keeper.look();
    } catch (error) {
      // Without the server there is no code either: tried again with news of the room, but not with each keystroke.
      reportError(error);
      setTimeout(() => (this.#isKeeperAskedFor = false), KEEPER_AFTER_MS);
    }
  }

  #connect(): void {
    this.#timer = null;
    this.#retryAt = null;
    if (this.#ended || this.#stopped !== null || this.#socket !== null) return;
    const socket = new WebSocket(this.#address, [LINEAGE_SUBPROTOCOL]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const deadline = setTimeout(() => socket.close(), OPEN_DEADLINE_MS);
    socket.onopen = () => {
      clearTimeout(deadline);
      if (this.#socket !== socket) return;
      this.#heard();
      this.#session.opened((bytes) => socket.send(new Uint8Array(bytes)));
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#socket === socket && data instanceof ArrayBuffer) this.#receive(new Uint8Array(data));
    };
    socket.onclose = ({ code }) => {
      clearTimeout(deadline);
      if (this.#socket === socket) this.#closed(code);
    };
    this.#tell();
  }

  #heard(): void {
    this.#heardAt = Date.now();
    this.#askedAt = null;
  }

  #receive(bytes: Uint8Array): void {
    this.#heard();
    try {
      this.#session.receive(bytes);
      if (this.#session.state.synced) this.#attempt = 0;
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      reportError(error);
      this.#socket?.close();
    }
  }

  #closed(code: number): void {
    this.#socket = null;
    if (code === closeCodes.epochChanged.code) return this.#startAfresh('epoch');
    if (code === closeCodes.foreignClientId.code) return this.#startAfresh('author');
    this.#awaySince ??= Date.now();
    this.#session.closed();
    if (!isTransient(code)) this.#stopped = code;
    else this.#later();
    this.#tell();
  }

  /** The browser notices a dead network after minutes; something without an answer shows it in seconds. */
  #dropIfSilent(): void {
    if (!this.#session.state.connected) return;
    const owedSince = this.#owedSince();
    if (owedSince === null) return this.#askIfQuiet();
    if (Date.now() - Math.max(this.#heardAt, owedSince) < SILENCE_MS) return;
    this.#drop();
    this.#awaySince ??= this.#heardAt;
    this.#session.closed();
    this.#later();
    this.#tell();
  }

  /** Since when the server owes an answer; null when it may be silent. */
  #owedSince(): number | null {
    const { storageOk, synced, unsavedSince } = this.#session.state;
    // A document that is being loaded takes its time.
    if (!synced) return this.#heardAt + OPEN_DEADLINE_MS;
    return storageOk && unsavedSince !== null ? unsavedSince : this.#askedAt;
  }

  #askIfQuiet(): void {
    const people = this.#session.presence.people.size;
    if (Date.now() - this.#heardAt < Math.max(ASK_AFTER_MS, ASK_AFTER_MS_PER_PERSON * people)) return;
    this.#askedAt = Date.now();
    this.#session.ask();
  }

  #later(): void {
    const delay = reconnectDelay(this.#attempt);
    this.#attempt += 1;
    this.#retryAt = Date.now() + delay;
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #now = (): void => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#connect();
  };

  #startAfresh(why: LostText['why']): void {
    const old = this.#session;
    if (!old.state.saved) this.#lost = { why, files: readTree(old.doc) };
    else if (why === 'epoch') this.#wasReset = true;
    this.#meanwhile = null;
    this.#drop();
    old.destroy();
    this.#session = this.#newSession();
    // A reset sends everybody away at once, so they come back spread; what one person was refused is one person's.
    if (why === 'epoch' || why === 'author') this.#later();
    else this.#connect();
    this.#tell();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #tell(): void {
    if (this.#told || this.#ended) return;
    this.#told = true;
    queueMicrotask(() => {
      this.#told = false;
      this.#wantKeeper();
      this.#keeper?.look();
      if (!this.#ended) this.#onView(this.view);
    });
  }
}
