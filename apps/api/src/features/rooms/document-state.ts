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
 * The committed document of a room and what is known of the edits on their way to disk: enough to judge the next edit
 * before it is written, so that the log never holds one that cannot be applied.
 */
export class DocumentState {
  readonly doc: Y.Doc;
  /** Next clock of each client, queued edits included. */
  readonly #heads: Map<number, number>;
  #queued: Uint8Array[] = [];
  #queuedUnits = 0;
  /** UTF-16 units of all texts at the last exact count, and what was inserted since: never less than there are. */
  #unitsBound: number;
  /** Encoded size at the last exact measure, and what came since. */
  #bytesBound: number;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    this.#heads = Y.decodeStateVector(Y.encodeStateVector(doc));
    this.#unitsBound = textUnits(doc);
    this.#bytesBound = Y.encodeStateAsUpdate(doc).length;
  }

  /** True when the edit builds on something that is neither here nor queued. */
  hasGap({ structs, deletes, needs }: UpdateFacts): boolean {
    const ends = new Map<number, number>();
    const headOf = (client: number): number => ends.get(client) ?? this.#heads.get(client) ?? 0;
    for (const { client, clock, length } of structs) {
      if (clock > headOf(client)) return true;
      ends.set(client, Math.max(headOf(client), clock + length));
    }
    return (
      needs.some(({ client, clock }) => clock >= headOf(client)) ||
      deletes.some((d) => d.clock + d.length > headOf(d.client))
    );
  }

  /** The operations that are new: others are repeated from an earlier connection. */
  newStructs({ structs }: UpdateFacts): Range[] {
    return structs.filter(({ client, clock, length }) => clock + length > (this.#heads.get(client) ?? 0));
  }

  /** True when applying it would change nothing, counting what is queued as there. */
  isKnown(facts: UpdateFacts): boolean {
    return this.newStructs(facts).length === 0 && facts.deletes.every((range) => this.#isDeleted(range));
  }

  /** Null when the document stays within its limits and its schema; exact where an estimate does not do. */
  problemOf(update: Uint8Array, facts: UpdateFacts): Extract<NackReason, 'too_large' | 'bad_path'> | null {
    const fits = facts.onlyText && this.#textFits(facts.insertedUnits);
    return fits && this.#bytesBound + update.length <= MAX_DOCUMENT_BYTES ? null : this.#tryOut(update);
  }

  /** The edit goes to disk: later ones may build on it. */
  enqueue(update: Uint8Array, facts: UpdateFacts): void {
    for (const { client, clock, length } of facts.structs) {
      this.#heads.set(client, Math.max(this.#heads.get(client) ?? 0, clock + length));
    }
    this.#queued.push(update);
    this.#queuedUnits += facts.insertedUnits;
    this.#unitsBound += facts.insertedUnits;
    this.#bytesBound += update.length;
  }

  /** The oldest queued edit is durable: it becomes part of the document. */
  commit(facts: UpdateFacts): void {
    const update = this.#queued.shift();
    if (update === undefined) throw new Error('nothing is queued');
    this.#queuedUnits -= facts.insertedUnits;
    Y.applyUpdate(this.doc, update);
  }

  #textFits(moreUnits: number): boolean {
    if ((this.#unitsBound + moreUnits) * MAX_BYTES_PER_UNIT <= MAX_TEXT_BYTES) return true;
    const units = this.#queuedUnits + moreUnits;
    this.#unitsBound = textUnits(this.doc) + this.#queuedUnits;
    if ((this.#unitsBound + moreUnits) * MAX_BYTES_PER_UNIT <= MAX_TEXT_BYTES) return true;
    return textBytes(this.doc) + units * MAX_BYTES_PER_UNIT <= MAX_TEXT_BYTES;
  }

  #isDeleted({ client, clock, length }: Range): boolean {
    const structs = this.doc.store.clients.get(client);
    if (length === 0) return true;
    if (structs === undefined || clock + length > Y.getState(this.doc.store, client)) return false;
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
