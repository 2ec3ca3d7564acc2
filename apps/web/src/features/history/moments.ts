import { filesOf, listFiles } from '@lineage/collab';
import type { AccountId, HistoryEdits } from '@lineage/contracts';
import * as Y from 'yjs';
import type { Moment } from './life.ts';

export type PastFile = { readonly id: string; readonly path: string; readonly content: string };
export type PastEdit = { readonly seq: number; readonly at: number; readonly by: AccountId };
/**
 * The files at a moment, the edit that led to it, and the file that it changed; null where an answer of the server
 * begins.
 */
export type Past = {
  readonly files: readonly PastFile[];
  readonly edit: PastEdit | null;
  readonly editedId: string | null;
};

/** Asks for the document at `from` and edits after it. */
export type LoadEdits = (epoch: number, from: number) => Promise<HistoryEdits>;

/** Where answers begin: the same places for everybody who looks, so that stored states are used again. */
export const CHUNK_EDITS = 500;
/** Answers that are kept; each is a document and 500 edits. */
const KEPT_CHUNKS = 8;

type Chunk = {
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly state: Uint8Array;
  readonly edits: readonly (PastEdit & { readonly update: Uint8Array })[];
};

/**
 * The text of a workspace at any moment. What was loaded is played here: forwards edit by edit, backwards from the
 * stored state on.
 */
export class Moments {
  readonly #load: LoadEdits;
  /** The one that was used longest ago comes first. */
  readonly #chunks = new Map<string, Promise<Chunk>>();
  #playing: { chunk: Chunk; doc: Y.Doc; seq: number; editedId: string | null } | null = null;

  constructor(load: LoadEdits) {
    this.#load = load;
  }

  /** Of a life that is known: moments that came later are another life's. @throws whatever loading throws; RangeError when the epoch has no such edit */
  async at(moment: Moment): Promise<Past> {
    const chunk = await this.#chunkOf(moment);
    return this.#play(chunk, moment.seq);
  }

  /** When each edit after `moment` was made, as far as one answer goes. */
  async timesAfter({ epoch, seq }: Moment): Promise<readonly PastEdit[]> {
    const { edits } = await this.#chunkOf({ epoch, seq: seq + 1 });
    return edits.filter((edit) => edit.seq > seq);
  }

  end(): void {
    this.#playing?.doc.destroy();
    this.#playing = null;
    this.#chunks.clear();
  }

  async #chunkOf({ epoch, seq }: Moment): Promise<Chunk> {
    let from = Math.max(0, Math.ceil(seq / CHUNK_EDITS) - 1) * CHUNK_EDITS;
    for (;;) {
      const chunk = await this.#chunk(epoch, from);
      if (seq <= chunk.to) return chunk;
      // Large edits make an answer of fewer; one of fewer than there are by now is asked for again.
      if (chunk.to <= from) throw new RangeError(`epoch ${epoch} has no edit ${seq}`);
      from = chunk.to;
    }
  }

  #chunk(epoch: number, from: number): Promise<Chunk> {
    const key = `${epoch}.${from}`;
    const loading = this.#chunks.get(key) ?? this.#load(epoch, from).then((answer) => chunkOf(epoch, answer));
    this.#chunks.delete(key);
    this.#chunks.set(key, loading);
    // One that failed is asked for again.
    loading.catch(() => this.#chunks.get(key) === loading && this.#chunks.delete(key));
    const [oldest] = this.#chunks.keys();
    if (this.#chunks.size > KEPT_CHUNKS && oldest !== undefined) this.#chunks.delete(oldest);
    return loading;
  }

  #play(chunk: Chunk, seq: number): Past {
    if (this.#playing?.chunk !== chunk || this.#playing.seq > seq) {
      this.#playing?.doc.destroy();
      const doc = new Y.Doc();
      Y.applyUpdate(doc, chunk.state);
      this.#playing = { chunk, doc, seq: chunk.from, editedId: null };
    }
    const playing = this.#playing;
    const waiting = chunk.edits.slice(playing.seq - chunk.from, seq - chunk.from);
    const last = waiting.pop();
    playing.doc.transact(() => {
      for (const edit of waiting) Y.applyUpdate(playing.doc, edit.update);
    });
    if (last !== undefined) playing.editedId = applyLast(playing.doc, last.update);
    playing.seq = seq;
    const files = listFiles(playing.doc).map(({ id, path, text }) => ({
      id,
      path,
      content: text.toString(),
    }));
    const edit = chunk.edits[seq - chunk.from - 1];
    return {
      files,
      edit: edit === undefined ? null : { seq: edit.seq, at: edit.at, by: edit.by },
      editedId: playing.editedId,
    };
  }
}

/** The id of the file that it changed. */
function applyLast(doc: Y.Doc, update: Uint8Array): string | null {
  let id: string | null = null;
  const look = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const { path, changes } of events) id = String(path[0] ?? [...changes.keys.keys()][0] ?? '') || id;
  };
  filesOf(doc).observeDeep(look);
  Y.applyUpdate(doc, update);
  filesOf(doc).unobserveDeep(look);
  return id;
}

function chunkOf(epoch: number, answer: HistoryEdits): Chunk {
  const edits = answer.edits.map(({ seq, at, by, update }) => ({
    seq,
    at: Date.parse(at),
    by,
    update: bytesOf(update),
  }));
  const { from } = answer;
  return { epoch, from, to: edits.at(-1)?.seq ?? from, state: bytesOf(answer.state), edits };
}

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
