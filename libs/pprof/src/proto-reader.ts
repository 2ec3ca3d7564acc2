import { ProfileDecodeError } from './profile-decode-error.ts';

const TWO_32 = 2 ** 32;
/** From here on (the high half of 2^53) a double cannot hold every whole number. */
const EXACT_HIGH = 2 ** 21;
const MAX_VARINT_BYTES = 10;
const LENGTH_DELIMITED = 2;

/**
 * Reads protobuf's wire format (protobuf.dev, "Encoding") from bytes that nobody vouches for. Numbers of 64 bits come
 * as doubles: exact to 2^53, the nearest double beyond it (104 days in nanoseconds, 9 PB), which no total of a
 * class's program reaches. Identities are never rounded: see `id`.
 */
export class ProtoReader {
  pos = 0;
  field = 0;
  wire = 0;
  readonly bytes: Uint8Array;
  readonly #bigIds = new Map<bigint, number>();
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Goes to the next field of a message that ends at `end`; false at its end. */
  next(end: number): boolean {
    if (this.pos >= end) return false;
    this.#varint(end);
    this.wire = this.#low & 7;
    this.field = (this.#low >>> 3) + this.#high * (TWO_32 / 8);
    if (this.field === 0) throw malformed('a field has number 0');
    return true;
  }

  /** The end of the nested message, string or packed list that starts here. */
  nested(end: number): number {
    this.#expect(LENGTH_DELIMITED);
    this.#varint(end);
    const inner = this.pos + this.#high * TWO_32 + this.#low;
    if (inner > end) {
      if (end === this.bytes.length)
        throw new ProfileDecodeError('truncated', 'The profile ends in a record.');
      throw malformed('a record is longer than the one around it');
    }
    return inner;
  }

  /** A signed number. */
  int(end: number): number {
    this.#expect(0);
    return this.#signed(end);
  }

  /** An identity, as a number that equals another exactly when the 64 bits do; above 2^53 a negative stand-in. */
  id(end: number): number {
    this.#expect(0);
    return this.#identity(end);
  }

  /** Hands over each signed number of a repeated field, packed or not. */
  ints(end: number, each: (value: number) => void): void {
    if (this.wire !== LENGTH_DELIMITED) return each(this.int(end));
    const inner = this.nested(end);
    while (this.pos < inner) each(this.#signed(inner));
  }

  /** Hands over each identity of a repeated field, packed or not. */
  ids(end: number, each: (id: number) => void): void {
    if (this.wire !== LENGTH_DELIMITED) return each(this.id(end));
    const inner = this.nested(end);
    while (this.pos < inner) each(this.#identity(inner));
  }

  /** Passes over a field that is not needed. */
  skip(end: number): void {
    if (this.wire === 0) return this.#varint(end);
    if (this.wire === LENGTH_DELIMITED) {
      this.pos = this.nested(end);
      return;
    }
    if (this.wire !== 1 && this.wire !== 5) throw malformed(`a field has wire type ${this.wire}`);
    this.pos += this.wire === 1 ? 8 : 4;
    if (this.pos > end) throw new ProfileDecodeError('truncated', 'The profile ends in a number.');
  }

  #expect(wire: number): void {
    if (this.wire !== wire) throw malformed(`field ${this.field} has wire type ${this.wire}, not ${wire}`);
  }

  #signed(end: number): number {
    this.#varint(end);
    return this.#high === 0 ? this.#low : (this.#high | 0) * TWO_32 + this.#low;
  }

  #identity(end: number): number {
    this.#varint(end);
    if (this.#high < EXACT_HIGH) return this.#high * TWO_32 + this.#low;
    const exact = (BigInt(this.#high) << 32n) | BigInt(this.#low);
    const known = this.#bigIds.get(exact);
    if (known !== undefined) return known;
    const standIn = -1 - this.#bigIds.size;
    this.#bigIds.set(exact, standIn);
    return standIn;
  }

  /** Seven bits a byte, lowest first; `#low` and `#high` are the two halves. */
  #varint(end: number): void {
    const { bytes } = this;
    let low = 0;
    let high = 0;
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      if (this.pos >= end) throw new ProfileDecodeError('truncated', 'The profile ends in a number.');
      const byte = bytes[this.pos++] ?? 0;
      const part = byte & 0x7f;
      if (index < 4) low |= part << (7 * index);
      else if (index === 4) {
        low |= part << 28;
        high |= part >>> 4;
      } else high |= part << (7 * index - 32);
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw malformed('a number is longer than ten bytes');
  }
}

/** The error for bytes that break the format. */
export function malformed(what: string): ProfileDecodeError {
  return new ProfileDecodeError('malformed', `The profile cannot be read: ${what}.`);
}
