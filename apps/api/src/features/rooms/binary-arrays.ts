/** Element types of PostgreSQL (`pg_type.dat`). */
const oids = { bytea: 17, int4: 23, text: 25, uuid: 2950 } as const;
/** Dimensions, whether there are nulls, element type, then length and lower bound of the one dimension. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const UUID_BYTES = 16;
const INT_BYTES = 4;

/**
 * Arrays as PostgreSQL sends and receives them in binary (`array_recv` in `arrayfuncs.c`): four bytes of length before each
 * element. `pg` would write them as text, which is quoted here and parsed there, each byte of a `bytea` as two digits.
 */
export function uuidArray(ids: readonly string[]): Buffer {
  const { array, at } = begin(oids.uuid, ids.length, ids.length * UUID_BYTES);
  let end = at;
  for (const id of ids) {
    const digits = id.replaceAll('-', '');
    end = array.writeInt32BE(UUID_BYTES, end);
    if (digits.length !== 2 * UUID_BYTES || array.write(digits, end, 'hex') !== UUID_BYTES)
      throw new RangeError('not a UUID');
    end += UUID_BYTES;
  }
  return array;
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
