import { encodeFrame } from '@lineage/collab';
import * as Y from 'yjs';
import { KEPT_ANSWERS } from './room-limits.ts';

type Kept = { readonly stateVector: Uint8Array; readonly frame: Uint8Array };

/** What newcomers are asked and answered, encoded once for all who come between two edits. */
export class EncodedDocument {
  readonly #doc: () => Y.Doc;
  #question: Uint8Array | null = null;
  #answers: Kept[] = [];

  /** `doc` is asked when something is to be encoded. */
  constructor(doc: () => Y.Doc) {
    this.#doc = doc;
  }

  /** The document is another one now. */
  changed(): void {
    this.#question = null;
    if (this.#answers.length > 0) this.#answers = [];
  }

  /** A frame that asks a client for what we lack. */
  question(): Uint8Array {
    this.#question ??= encodeFrame({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.#doc()) });
    return this.#question;
  }

  /** A frame with what a client of this state lacks. */
  answer(stateVector: Uint8Array): Uint8Array {
    const kept = this.#answers.find((one) => Buffer.compare(one.stateVector, stateVector) === 0);
    if (kept !== undefined) return kept.frame;
    const update = Y.encodeStateAsUpdate(this.#doc(), stateVector);
    const frame = encodeFrame({ type: 'sync-step-2', update });
    // A copy: the bytes of a state vector are a part of the frame that it came in.
    this.#answers = [{ stateVector: stateVector.slice(), frame }, ...this.#answers].slice(0, KEPT_ANSWERS);
    return frame;
  }
}
