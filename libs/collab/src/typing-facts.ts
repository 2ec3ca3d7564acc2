import { MAX_CLOCK } from './limits.ts';
import type { Range, UpdateFacts } from './update-facts.ts';

/** Info byte of an item (`Item.write` of Yjs 13): text, with an origin on its left, on its right, or both. */
const TEXT = 0x04;
const HAS_ORIGIN = 0x80;
const HAS_RIGHT_ORIGIN = 0x40;
const FIRST_NOT_ASCII = 0x80;
/** Bytes of a number below 2^35; client ids are below 2^32. */
const MAX_NUMBER_BYTES = 5;
/** Ranges of one keystroke: a selection that is replaced may cross a few earlier edits. */
const MAX_RANGES = 64;

/**
 * Facts of what typing makes: at most one run of ASCII text beside something, and deletions of at most one author. Null for
 * every other update, valid or not, so that one reader alone says what is refused. Nothing is built on the way: it is by
 * far the most frequent update, and a room reads each.
 */
export function readTypingFacts(update: Uint8Array): UpdateFacts | null {
  return new TypingReader(update).read();
}

class TypingReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** A number was cut off or too long; what was read since means nothing. */
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): UpdateFacts | null {
    const authors = this.#number();
    if (authors > 1) return null;
    const structs: Range[] = [];
    const needs: { client: number; clock: number }[] = [];
    if (authors === 1 && !this.#readText(structs, needs)) return null;
    const deletes = this.#readDeletes();
    if (deletes === null || this.#failed || this.#at !== this.#bytes.length) return null;
    return { structs, deletes, needs, insertedUnits: structs[0]?.length ?? 0, onlyText: true };
  }

  #readText(structs: Range[], needs: { client: number; clock: number }[]): boolean {
    if (this.#number() !== 1) return false;
    const client = this.#number();
    const clock = this.#number();
    const info = this.#byte();
    const origins = info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN);
    if (origins === 0 || info !== (origins | TEXT)) return false;
    if ((info & HAS_ORIGIN) !== 0) needs.push({ client: this.#number(), clock: this.#number() });
    if ((info & HAS_RIGHT_ORIGIN) !== 0) needs.push({ client: this.#number(), clock: this.#number() });
    const length = this.#skipAscii();
    if (this.#failed || length === 0 || clock + length > MAX_CLOCK) return false;
    structs.push({ client, clock, length });
    return true;
  }

  #readDeletes(): Range[] | null {
    const authors = this.#number();
    if (authors > 1) return null;
    const deletes: Range[] = [];
    if (authors === 0) return deletes;
    const client = this.#number();
    const count = this.#number();
    if (count > MAX_RANGES) return null;
    for (let i = 0; i < count; i++) {
      const clock = this.#number();
      const length = this.#number();
      if (this.#failed || clock + length > MAX_CLOCK) return null;
      deletes.push({ client, clock, length });
    }
    return deletes;
  }

  /** Passes over a string whose bytes are as many as its UTF-16 units; returns how many, 0 where it is another one. */
  #skipAscii(): number {
    const length = this.#number();
    const end = this.#at + length;
    if (this.#failed || end > this.#bytes.length) return 0;
    for (; this.#at < end; this.#at++) if ((this.#bytes[this.#at] ?? 0) >= FIRST_NOT_ASCII) return 0;
    return length;
  }

  /** Seven bits in each byte, the lowest first; the eighth says that another byte follows. */
  #number(): number {
    let value = 0;
    let worth = 1;
    for (let i = 0; i < MAX_NUMBER_BYTES; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * worth;
      if (byte < 0x80) return value;
      worth *= 128;
    }
    this.#failed = true;
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) this.#failed = true;
    return byte ?? 0;
  }
}
