import { readTree, REMOTE_ORIGIN, type RoomSession, type TreeFile } from '@lineage/collab';
import * as Y from 'yjs';
import type { UnsavedCopy, UnsavedStore } from './unsaved-store.ts';

type Owner = { readonly workspaceId: string; readonly accountId: string };

/** An edit is on the server long before; what is not is written at most this often. */
const WRITE_AFTER_MS = 300;
const RESTORED_ORIGIN = Symbol('restored');

/**
 * Keeps a copy of edits that the server has not acknowledged, and brings back those of a page that ended before they
 * were. A browser that keeps nothing is told to the console once, and the room works as without.
 */
export class UnsavedKeeper {
  readonly #store: UnsavedStore;
  readonly #owner: Owner;
  /** Text of another epoch, or that could not be brought back; false while other text is offered to the person. */
  readonly #onLost: (files: readonly TreeFile[]) => boolean;
  #session: RoomSession | null = null;
  /** What the server had when the oldest unsaved edit was made. */
  #base: Map<number, number> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asked = false;
  #isBroken = false;
  /** Copies in the store that the server is about to have. */
  #pending = new Set<string>();
  /** Copies whose text was offered to the person: they go when the person is done with it. */
  readonly #offered = new Set<string>();

  constructor(store: UnsavedStore, owner: Owner, onLost: (files: readonly TreeFile[]) => boolean) {
    this.#store = store;
    this.#owner = owner;
    this.#onLost = onLost;
    globalThis.addEventListener?.('pagehide', this.#write);
  }

  /** The room has another document from now on; what the one before could not save was offered to the person. */
  watch(session: RoomSession): void {
    for (const key of this.#pending) this.#offered.add(key);
    this.#pending = new Set();
    this.#session?.doc.off('update', this.#onUpdate);
    this.#session = session;
    this.#asked = false;
    // Of edits made before this nobody knows what the server has: the copy holds everything then.
    this.#base = session.state.saved ? null : new Map();
    if (!session.state.saved) this.#timer ??= setTimeout(this.#write, WRITE_AFTER_MS);
    session.doc.on('update', this.#onUpdate);
  }

  /** The session's state may have changed. */
  look(): void {
    const state = this.#session?.state;
    if (state === undefined) return;
    if (state.synced && !this.#asked) void this.#restore();
    if (state.saved && this.#asked) this.#forget();
  }

  /** The person is done with text that was lost. What another page lost is offered next. */
  dismissLost(): void {
    const done = [...this.#offered];
    if (done.length === 0) return;
    void this.#try(() => this.#store.remove(done));
    if (this.#session?.state.synced === true) void this.#restore();
  }

  end(): void {
    globalThis.removeEventListener?.('pagehide', this.#write);
    this.#session?.doc.off('update', this.#onUpdate);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#session = null;
  }

  get #key(): string {
    return `${this.#owner.workspaceId} ${this.#owner.accountId} ${this.#session?.doc.clientID ?? ''}`;
  }

  #onUpdate = (_update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    if (origin === REMOTE_ORIGIN) return;
    this.#base ??= transaction.beforeState;
    this.#timer ??= setTimeout(this.#write, WRITE_AFTER_MS);
  };

  #write = (): void => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const session = this.#session;
    if (session === null || session.state.saved || session.state.epoch === null || this.#base === null)
      return;
    const copy: UnsavedCopy = {
      ...this.#owner,
      key: this.#key,
      epoch: session.state.epoch,
      update: Y.encodeStateAsUpdate(session.doc, Y.encodeStateVector(this.#base)),
      files: readTree(session.doc),
      at: Date.now(),
    };
    this.#pending.add(copy.key);
    void this.#try(() => this.#store.put(copy));
  };

  #forget(): void {
    this.#base = null;
    if (this.#pending.size === 0) return;
    const keys = [...this.#pending];
    this.#pending = new Set();
    void this.#try(() => this.#store.remove(keys));
  }

  async #restore(): Promise<void> {
    this.#asked = true;
    const session = this.#session;
    const { workspaceId, accountId } = this.#owner;
    const copies = await this.#try(() => this.#store.list(workspaceId, accountId));
    if (session === null || session !== this.#session) return;
    for (const copy of copies ?? []) {
      if (copy.key === this.#key || this.#pending.has(copy.key) || this.#offered.has(copy.key)) continue;
      if (copy.epoch === session.state.epoch && bringBack(session.doc, copy.update))
        this.#pending.add(copy.key);
      else if (this.#onLost(copy.files)) this.#offered.add(copy.key);
    }
    this.look();
  }

  async #try<T>(act: () => Promise<T>): Promise<T | null> {
    if (this.#isBroken) return null;
    try {
      return await act();
    } catch (error) {
      this.#isBroken = true;
      reportError(error);
      return null;
    }
  }
}

/** False for bytes that are no update of this document any more. */
function bringBack(doc: Y.Doc, update: Uint8Array): boolean {
  try {
    Y.applyUpdate(doc, update, RESTORED_ORIGIN);
    return doc.store.pendingStructs === null;
  } catch {
    return false;
  }
}
