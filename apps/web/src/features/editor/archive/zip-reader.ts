import { crc32 } from './crc32.ts';
import { ZipError } from './zip-error.ts';
import { MAX_ENTRIES, MAX_NAME_BYTES, MAX_ZIP_BYTES } from './zip-limits.ts';

/** A file of a zip. `content` is null when it is a link or a device, which has none that could be shown. */
export type ZipFile = { readonly name: string; readonly content: Uint8Array | null };

type Entry = {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
  readonly isFile: boolean;
};

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** Of `st_mode`: what kind of file it is, and that it is a regular one. */
const KIND = 0o170000;
const REGULAR = 0o100000;

/**
 * The files of a zip (APPNOTE.TXT), without folders. Hostile bytes are refused: what lies about its size, overlaps, or
 * unpacks to more than `mostBytes` together, of which no more than that is ever unpacked.
 * @throws ZipError and nothing else, whatever the bytes are
 */
export async function readZip(bytes: Uint8Array, mostBytes: number): Promise<ZipFile[]> {
  if (bytes.length > MAX_ZIP_BYTES) throw new ZipError('too_large');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(bytes, view).filter(({ name }) => !name.endsWith('/'));
  const ranges = entries.map((entry) => dataOf(bytes, view, entry));
  refuseOverlap(ranges);
  // What is declared is refused before anything is unpacked; what is not declared is noticed while it is.
  if (entries.reduce((sum, entry) => sum + entry.bytes, 0) > mostBytes)
    throw new ZipError('unpacked_too_large');
  const files: ZipFile[] = [];
  for (const [i, entry] of entries.entries()) {
    const { from, to } = ranges[i] ?? { from: 0, to: 0 };
    const content = entry.isFile ? await unpack(entry, bytes.subarray(from, to)) : null;
    files.push({ name: entry.name, content });
  }
  return files;
}

function readDirectory(bytes: Uint8Array, view: DataView): Entry[] {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  // All ones mean that the numbers are elsewhere, in a format for archives that are larger than ours may be.
  if (count === 0xffff || start === 0xffffffff) throw new ZipError('too_large');
  if (count > MAX_ENTRIES) throw new ZipError('too_many_entries');
  if (view.getUint16(end + 8, true) !== count || start + size > end) throw new ZipError('malformed');
  const entries: Entry[] = [];
  let at = start;
  for (let n = 0; n < count; n += 1) {
    const { entry, next } = readEntry(bytes, view, at, start + size);
    entries.push(entry);
    at = next;
  }
  if (at !== start + size) throw new ZipError('malformed');
  return entries;
}

function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at -= 1) {
    const isEnd = view.getUint32(at, true) === END;
    if (isEnd && at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new ZipError('not_a_zip');
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
): { entry: Entry; next: number } {
  if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) throw new ZipError('malformed');
  const nameLength = view.getUint16(at + 28, true);
  const next =
    at + CENTRAL_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end || nameLength === 0 || nameLength > MAX_NAME_BYTES) throw new ZipError('malformed');
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0) throw new ZipError('encrypted');
  const nameBytes = bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength);
  const madeByUnix = view.getUint8(at + 5) === 3;
  const kind = (view.getUint32(at + 38, true) >>> 16) & KIND;
  const entry = {
    name: new TextDecoder().decode(nameBytes),
    nameBytes,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    // Many programs write no kind at all.
    isFile: !madeByUnix || kind === 0 || kind === REGULAR,
  };
  return { entry, next };
}

type Range = { readonly from: number; readonly to: number; readonly start: number };

/** Where the packed bytes are; the header before them has to be of the same file. */
function dataOf(bytes: Uint8Array, view: DataView, { offset, nameBytes, packedBytes }: Entry): Range {
  if (offset + LOCAL_BYTES > view.byteLength || view.getUint32(offset, true) !== LOCAL)
    throw new ZipError('malformed');
  const nameLength = view.getUint16(offset + 26, true);
  const name = bytes.subarray(offset + LOCAL_BYTES, offset + LOCAL_BYTES + nameLength);
  const isSame = name.length === nameBytes.length && name.every((byte, i) => byte === nameBytes[i]);
  const from = offset + LOCAL_BYTES + nameLength + view.getUint16(offset + 28, true);
  if (!isSame || from + packedBytes > view.byteLength) throw new ZipError('malformed');
  return { start: offset, from, to: from + packedBytes };
}

/** Entries that share their bytes unpack to far more than there is. */
function refuseOverlap(ranges: readonly Range[]): void {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  for (const [i, { start }] of sorted.entries())
    if (i > 0 && start < (sorted[i - 1]?.to ?? 0)) throw new ZipError('malformed');
}

async function unpack({ method, bytes, crc }: Entry, packed: Uint8Array): Promise<Uint8Array> {
  if (method !== STORED && method !== DEFLATED) throw new ZipError('method');
  const content = method === STORED ? packed : await inflate(packed, bytes);
  if (content.length !== bytes || crc32(content) !== crc) throw new ZipError('malformed');
  return content;
}

/** No more than `most` bytes: what gives more has lied. */
async function inflate(packed: Uint8Array, most: number): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(packed)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > most) throw new ZipError('malformed');
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => undefined);
    throw error instanceof ZipError ? error : new ZipError('malformed');
  }
  const content = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return content;
}
