import { crc32 } from './crc32.ts';

export type ArchivedFile = { readonly path: string; readonly content: string };

/** Names are UTF-8 (general purpose bit 11). */
const UTF8 = 0x0800;
const DEFLATED = 8;
/** Unpacked by version 2.0 and later. */
const VERSION = 20;

/** A zip of these files, as of `at` in the time of this machine. */
export async function writeZip(files: readonly ArchivedFile[], at: Date): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { path, content } of files) {
    const name = encoder.encode(path);
    const bytes = encoder.encode(content);
    const packed = await deflate(bytes);
    const facts = factsOf({
      at,
      crc: crc32(bytes),
      packed: packed.length,
      bytes: bytes.length,
      name: name.length,
    });
    parts.push(header(0x04034b50, [facts]), name, packed);
    directory.push(centralHeader(facts, offset), name);
    offset += 30 + name.length + packed.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, files.length, true);
  view.setUint16(10, files.length, true);
  view.setUint32(12, directoryBytes, true);
  view.setUint32(16, offset, true);
  return joined([...parts, ...directory, end]);
}

/** The 26 bytes that the header before a file and its entry in the directory have in common. */
function factsOf(file: { at: Date; crc: number; packed: number; bytes: number; name: number }): Uint8Array {
  const facts = new Uint8Array(26);
  const view = new DataView(facts.buffer);
  const { at } = file;
  view.setUint16(0, VERSION, true);
  view.setUint16(2, UTF8, true);
  view.setUint16(4, DEFLATED, true);
  view.setUint16(6, (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1), true);
  view.setUint16(8, ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate(), true);
  view.setUint32(10, file.crc, true);
  view.setUint32(14, file.packed, true);
  view.setUint32(18, file.bytes, true);
  view.setUint16(22, file.name, true);
  return facts;
}

function header(signature: number, rest: readonly Uint8Array[]): Uint8Array {
  const start = new Uint8Array(4);
  new DataView(start.buffer).setUint32(0, signature, true);
  return joined([start, ...rest]);
}

function centralHeader(facts: Uint8Array, offset: number): Uint8Array {
  const madeBy = new Uint8Array([VERSION, 3]);
  const rest = new Uint8Array(14);
  const view = new DataView(rest.buffer);
  // A regular file that its owner may write and everybody may read.
  view.setUint32(6, 0o100644 * 0x10000, true);
  view.setUint32(10, offset, true);
  return header(0x02014b50, [madeBy, facts, rest]);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
