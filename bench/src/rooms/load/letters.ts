import * as encoding from 'lib0/encoding';
import type * as Y from 'yjs';

/** `Item.write` of Yjs 13: text with an origin on its left. */
const TEXT_AFTER_ORIGIN = 0x84;

/**
 * The letters of one typist at the end of a text, as Yjs encodes them, without a document: a generator that made a
 * transaction for each would take more of the machine than the server that it measures.
 */
export class Letters {
  readonly #client: number;
  #clock = 1;

  /** `doc` sent one letter, and is of no use after this. @throws Error when Yjs encodes the second one otherwise */
  constructor(doc: Y.Doc, text: Y.Text) {
    this.#client = doc.clientID;
    const second = updatesOf(doc, () => text.insert(text.length, 'x'))[0] ?? new Uint8Array();
    if (Buffer.compare(second, this.#update(1)) !== 0) throw new Error('Yjs encodes a letter otherwise');
  }

  /** The update of the next letter. */
  next(): Uint8Array {
    return this.#update(this.#clock++);
  }

  #update(clock: number): Uint8Array {
    const to = encoding.createEncoder();
    encoding.writeVarUint(to, 1);
    encoding.writeVarUint(to, 1);
    encoding.writeVarUint(to, this.#client);
    encoding.writeVarUint(to, clock);
    encoding.writeUint8(to, TEXT_AFTER_ORIGIN);
    encoding.writeVarUint(to, this.#client);
    encoding.writeVarUint(to, clock - 1);
    encoding.writeVarString(to, 'x');
    encoding.writeVarUint(to, 0);
    return encoding.toUint8Array(to);
  }
}

/** What a change sends. */
export function updatesOf(doc: Y.Doc, change: () => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const hear = (update: Uint8Array): number => updates.push(update);
  doc.on('update', hear);
  change();
  doc.off('update', hear);
  return updates;
}
