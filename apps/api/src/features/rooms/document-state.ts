import {
  listFiles,
  MAX_DOCUMENT_BYTES,
  MAX_FILES,
  MAX_TEXT_BYTES,
  type NackReason,
  FILES_ROOT,
  PATH_KEY,
  pathProblem,
  type Range,
  type UpdateFacts,
} from '@lineage/collab';
import * as Y from 'yjs';

/** UTF-8 bytes of one UTF-16 unit at most. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * Durable edits that may wait for being applied until somebody looks at the document. Together they cost a third: most of
 * what Yjs does for a letter it does for each transaction. More would save no more.
 */
const MAX_UNAPPLIED = 8;

/**
 * The committed document of a room and what is known of the edits on their way to disk: enough to judge the next edit
 * before it is written, so that the log never holds one that cannot be applied.
 */
export class DocumentState {
  readonly #doc: Y.Doc;
  readonly #broken: () => void;
  /** Next clock of each client, queued edits included. */
  readonly #heads: Map<number, number>;
  #queued: Uint8Array[] = [];
  #unapplied: Uint8Array[] = [];
  /** By chance at first, so that the rooms of a class that began in one moment do not all apply in one. */
  #mostUnapplied = Math.ceil(Math.random() * MAX_UNAPPLIED);
  #queuedUnits = 0;
  /** UTF-16 units of all texts at the last exact count, and what was inserted since: never less than there are. */
  #unitsBound: number;
  /** Encoded size at the last exact measure, and what came since. */
  #bytesBound: number;

  /** `broken`: it could not take an edit that is in the log. */
  constructor(doc: Y.Doc, broken: () => void) {
    this.#doc = doc;
    this.#broken = broken;
    this.#heads = Y.decodeStateVector(Y.encodeStateVector(doc));
    this.#unitsBound = textUnits(doc);
    this.#bytesBound = Y.encodeStateAsUpdate(doc).length;
  }

  /** With every durable edit. @throws Error when one cannot be applied, after `broken` was told */
  get doc(): Y.Doc {
    if (this.#unapplied.length > 0) this.#apply();
    return this.#doc;
  }

  /** True when the edit builds on something that is neither here nor queued. */
  hasGap({ structs, deletes, needs }: UpdateFacts): boolean {
    const ends = new Map<number, number>();
    const headOf = (client: number): number => ends.get(client) ?? this.#headOf(client);
    for (const { client, clock, length } of structs) {
      if (clock > headOf(client)) return true;
      ends.set(client, Math.max(headOf(client), clock + length));
    }
    return (
      needs.some(({ client, clock }) => clock >= headOf(client)) ||
      deletes.some((d) => d.clock + d.length > headOf(d.client))
    );
  }

  /** Whether an operation is new, and not repeated from an earlier connection. */
  isNew({ client, clock, length }: Range): boolean {
    return clock + length > this.#headOf(client);
  }

  /** True when applying it would change nothing, counting what is queued as there. */
  isKnown({ structs, deletes }: UpdateFacts): boolean {
    return !structs.some((range) => this.isNew(range)) && deletes.every((range) => this.#isDeleted(range));
  }

  /** Null when the document stays within its limits and its schema; exact where an estimate does not do. */
  problemOf(update: Uint8Array, facts: UpdateFacts): Extract<NackReason, 'too_large' | 'bad_path'> | null {
    const fits = facts.onlyText && this.#textFits(facts.insertedUnits);
    return fits && this.#bytesBound + update.length <= MAX_DOCUMENT_BYTES ? null : this.#tryOut(update);
  }

  /** The edit goes to disk: later ones may build on it. */
  enqueue(update: Uint8Array, facts: UpdateFacts): void {
    for (const { client, clock, length } of facts.structs) {
      this.#heads.set(client, Math.max(this.#headOf(client), clock + length));
    }
    this.#queued.push(update);
    this.#queuedUnits += facts.insertedUnits;
    this.#unitsBound += facts.insertedUnits;
    this.#bytesBound += update.length;
  }

  /** The oldest queued edit is durable: it is part of `doc` from now on. */
  commit(facts: UpdateFacts): void {
    const update = this.#queued.shift();
    if (update === undefined) throw new Error('nothing is queued');
    this.#queuedUnits -= facts.insertedUnits;
    this.#unapplied.push(update);
    if (this.#unapplied.length >= this.#mostUnapplied) this.#apply();
  }

  #apply(): void {
    const updates = this.#unapplied;
    this.#unapplied = [];
    this.#mostUnapplied = MAX_UNAPPLIED;
    try {
      this.#doc.transact(() => {
        for (const update of updates) Y.applyUpdate(this.#doc, update);
      });
    } catch (err) {
      this.#broken();
      throw err;
    }
  }

  #headOf(client: number): number {
    return this.#heads.get(client) ?? 0;
  }

  #textFits(moreUnits: number): boolean {
    if ((this.#unitsBound + moreUnits) * MAX_BYTES_PER_UNIT <= MAX_TEXT_BYTES) return true;
    const units = this.#queuedUnits + moreUnits;
    this.#unitsBound = textUnits(this.doc) + this.#queuedUnits;
    if ((this.#unitsBound + moreUnits) * MAX_BYTES_PER_UNIT <= MAX_TEXT_BYTES) return true;
    return textBytes(this.doc) + units * MAX_BYTES_PER_UNIT <= MAX_TEXT_BYTES;
  }

  #isDeleted({ client, clock, length }: Range): boolean {
    if (length === 0) return true;
    const { store } = this.doc;
    const structs = store.clients.get(client);
    if (structs === undefined || clock + length > Y.getState(store, client)) return false;
    for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
      const struct = structs[i];
      if (struct === undefined || struct.id.clock >= clock + length) return true;
      if (!struct.deleted) return false;
    }
    return true;
  }

  #tryOut(update: Uint8Array): 'too_large' | 'bad_path' | null {
    const trial = new Y.Doc();
    try {
      Y.applyUpdate(trial, Y.encodeStateAsUpdate(this.doc));
      for (const queued of this.#queued) Y.applyUpdate(trial, queued);
      const before = pathProblems(trial);
      const sizeBefore = textBytes(trial);
      Y.applyUpdate(trial, update);
      if (trial.store.pendingStructs !== null || trial.store.pendingDs !== null) return 'bad_path';
      if (pathProblems(trial) > before) return 'bad_path';
      const size = textBytes(trial);
      // Who is over the limit already may still take text away.
      if (size > MAX_TEXT_BYTES && size >= sizeBefore) return 'too_large';
      if (trial.getMap(FILES_ROOT).size > MAX_FILES) return 'too_large';
      const bytes = Y.encodeStateAsUpdate(trial).length;
      if (bytes > MAX_DOCUMENT_BYTES) return 'too_large';
      this.#bytesBound = bytes - update.length;
      return null;
    } finally {
      trial.destroy();
    }
  }
}

const textUnits = (doc: Y.Doc): number => listFiles(doc).reduce((sum, file) => sum + file.text.length, 0);
const textBytes = (doc: Y.Doc): number =>
  listFiles(doc).reduce((sum, file) => sum + Buffer.byteLength(file.text.toString()), 0);

/** Entries that are no file with a path that may be. */
function pathProblems(doc: Y.Doc): number {
  let count = 0;
  for (const value of doc.getMap(FILES_ROOT).values()) {
    const path: unknown = value instanceof Y.Map ? value.get(PATH_KEY) : null;
    if (typeof path !== 'string' || pathProblem(path) !== null) count += 1;
  }
  return count;
}
