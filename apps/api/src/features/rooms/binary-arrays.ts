/** Element types of PostgreSQL (`pg_type.dat`). */
const oids = { bytea: 17, int4: 23, text: 25, uuid: 2950 } as const;
/** Dimensions, whether there are nulls, element type, then length and lower bound of the one dimension. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const UUID_BYTES = 16;
const INT_BYTES = 4;
const DASH = 0x2d;

/**
 * Arrays as PostgreSQL sends and receives them in binary (`array_recv` in `arrayfuncs.c`): four bytes of length before each
 * element. `pg` would write them as text, which is quoted here and parsed there, each byte of a `bytea` as two digits.
 */
export function uuidArray(ids: readonly string[]): Buffer {
  const { array, at } = begin(oids.uuid, ids.length, ids.length * UUID_BYTES);
  let end = at;
  for (const id of ids) {
    end = array.writeInt32BE(UUID_BYTES, end);
    end = writeUuid(array, id, end);
  }
  return array;
}

/** 36 characters: digits of two to a byte, and a dash at four places. */
function writeUuid(array: Buffer, id: string, at: number): number {
  const end = at + UUID_BYTES;
  let to = at;
  for (let i = 0; i < id.length; i += 2) {
    if (id.charCodeAt(i) === DASH) i += 1;
    const byte = (digitOf(id.charCodeAt(i)) << 4) | digitOf(id.charCodeAt(i + 1));
    if (byte < 0 || to === end) throw new RangeError('not a UUID');
    array[to++] = byte;
  }
  if (to !== end) throw new RangeError('not a UUID');
  return end;
}

/** Below 0 for what is no digit of a hexadecimal number. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

export function intArray(numbers: readonly number[]): Buffer {
  const { array, at } = begin(oids.int4, numbers.length, numbers.length * INT_BYTES);
  let end = at;
  for (const number of numbers) end = array.writeInt32BE(number, array.writeInt32BE(INT_BYTES, end));
  return array;
}

export function textArray(texts: readonly string[]): Buffer {
  let bytes = 0;
  for (const text of texts) bytes += Buffer.byteLength(text);
  const { array, at } = begin(oids.text, texts.length, bytes);
  let end = at;
  for (const text of texts) {
    const written = array.write(text, end + LENGTH_BYTES);
    end = array.writeInt32BE(written, end) + written;
  }
  return array;
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  let bytes = 0;
  for (const value of values) bytes += value.length;
  const { array, at } = begin(oids.bytea, values.length, bytes);
  let end = at;
  for (const value of values) {
    end = array.writeInt32BE(value.length, end);
    array.set(value, end);
    end += value.length;
  }
  return array;
}

/** An array of one dimension without nulls; elements begin at `at`. PostgreSQL takes one of length 0 too. */
function begin(oid: number, count: number, bytes: number): { array: Buffer; at: number } {
  const array = Buffer.allocUnsafe(HEADER_BYTES + count * LENGTH_BYTES + bytes);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(oid, 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
  return { array, at: HEADER_BYTES };
}
