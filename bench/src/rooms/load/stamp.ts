const MARK = 0x7e;
const NUMBER_DIGITS = 4;
const TIME_DIGITS = 6;
const RADIX = 36;
/** Microseconds after which stamped times begin again: longer than any measurement. */
const TIME_AROUND = RADIX ** TIME_DIGITS;
const NUMBERS_AROUND = RADIX ** NUMBER_DIGITS;
const LENGTH = 1 + NUMBER_DIGITS + TIME_DIGITS;

/** What a stamped edit says of itself. */
export type Stamp = { readonly nth: number; readonly ageMs: number };

/** The machine's clock that all processes share. */
const nowUs = (): number => Number((process.hrtime.bigint() / 1000n) % BigInt(TIME_AROUND));

/** Text of the `nth` edit, with the moment in it. Short: an edit is to be as small as a few keystrokes. */
export function stamp(nth: number): string {
  const number = (nth % NUMBERS_AROUND).toString(RADIX).padStart(NUMBER_DIGITS, '0');
  return `~${number}${nowUs().toString(RADIX).padStart(TIME_DIGITS, '0')}`;
}

/**
 * Reads the last stamp of an update of Yjs that ends with a text inserted and nothing deleted, in whatever frame it is;
 * null where there is none. Nothing is decoded, so that the reader costs as little as it can.
 */
export function readStamp(frame: Uint8Array): Stamp | null {
  // The empty set of deletions is one byte.
  const at = frame.length - 1 - LENGTH;
  if (at < 0 || frame[at] !== MARK) return null;
  const nth = readNumber(frame, at + 1, NUMBER_DIGITS);
  const sentAt = readNumber(frame, at + 1 + NUMBER_DIGITS, TIME_DIGITS);
  return { nth, ageMs: ((nowUs() - sentAt + TIME_AROUND) % TIME_AROUND) / 1000 };
}

/** The same of a stamp that came as text. */
export const readStampText = (text: string): Stamp => {
  const bytes = Buffer.from(`${text}\0`, 'latin1');
  const read = readStamp(bytes);
  if (read === null) throw new Error('no stamp');
  return read;
};

function readNumber(bytes: Uint8Array, from: number, digits: number): number {
  let value = 0;
  for (let i = from; i < from + digits; i++) {
    const byte = bytes[i] ?? 0;
    value = value * RADIX + (byte >= 0x61 ? byte - 0x57 : byte - 0x30);
  }
  return value;
}
