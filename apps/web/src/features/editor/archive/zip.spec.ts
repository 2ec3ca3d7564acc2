import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { MAX_FILES, MAX_TEXT_BYTES } from '@lineage/collab';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { crc32 } from './crc32.ts';
import { planUpload } from './plan-upload.ts';
import { ZipError } from './zip-error.ts';
import { MAX_ENTRIES, MAX_ZIP_BYTES } from './zip-limits.ts';
import { readZip, type ZipFile } from './zip-reader.ts';
import { writeZip } from './zip-writer.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-zip-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

// Hundreds of zips, on a machine that may do something else as well.
vi.setConfig({ testTimeout: 60_000 });
const at = new Date(2026, 0, 2, 3, 4, 6);
const textOf = (file: ZipFile): string => new TextDecoder().decode(file.content ?? undefined);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function problemOf(bytes: Uint8Array, most = MAX_TEXT_BYTES): Promise<string | null> {
  try {
    await readZip(bytes, most);
    return null;
  } catch (error) {
    if (error instanceof ZipError) return error.problem;
    throw error;
  }
}

type Forged = {
  name: string;
  content: Uint8Array;
  mode?: number;
  says?: number;
  method?: number;
  flags?: number;
};

/** A zip as a hostile person would make it: `says` is the size that it declares. */
function forge(files: readonly Forged[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, says = content.length, method = 8, flags = 0 } of files) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const nameBytes = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(flags, 2);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(says, 18);
    facts.writeUInt16LE(nameBytes.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), facts, nameBytes, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode * 0x10000) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), facts, rest, nameBytes);
    offset += 30 + nameBytes.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

describe('a zip that is written', () => {
  it('is read again as it was, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            path: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,2}$/),
            content: fc.string({ unit: 'grapheme' }),
          }),
          {
            selector: (file) => file.path,
            maxLength: 8,
          },
        ),
        async (files) => {
          const read = await readZip(await writeZip(files, at), MAX_TEXT_BYTES);
          expect(read.map((file) => ({ path: file.name, content: textOf(file) }))).toEqual(files);
        },
      ),
      { numRuns: 40 },
    );
  });
});

it('a zip of another program is read', async () => {
  const files = [
    { path: 'deep/文件.go', content: '编程\n' },
    { path: 'empty.txt', content: '' },
    { path: 'main.go', content: 'package main\n'.repeat(500) },
  ];
  for (const { path: name, content } of files) {
    fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd: folder });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'x');
  const read = await readZip(new Uint8Array(git('archive', '--format=zip', 'HEAD')), MAX_TEXT_BYTES);
  expect(read.map((file) => ({ path: file.name, content: textOf(file) }))).toEqual(files);
});

describe('a hostile zip', () => {
  const plain = { name: 'a.go', content: encode('package a\n') };

  it('that unpacks to more than it says, or more than there may be, is refused before it does', async () => {
    const bomb = new Uint8Array(4 * 1024 * 1024);
    expect(await problemOf(forge([{ name: 'bomb.go', content: bomb }]))).toBe('unpacked_too_large');
    expect(await problemOf(forge([{ name: 'bomb.go', content: bomb, says: 10 }]))).toBe('malformed');
    const half = new Uint8Array(MAX_TEXT_BYTES / 2 + 1);
    expect(
      await problemOf(
        forge([
          { name: 'a', content: half },
          { name: 'b', content: half },
        ]),
      ),
    ).toBe('unpacked_too_large');
  });

  it('whose files share their bytes is refused', async () => {
    const bytes = forge([plain, { ...plain, name: 'b.go' }]);
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 22 + 16, true);
    // The second entry of the directory leads to the first one's bytes, under the first one's name.
    const second = directory + 46 + 4;
    view.setUint32(second + 42, 0, true);
    bytes.set(encode('a.go'), second + 46);
    expect(await problemOf(bytes)).toBe('malformed');
  });

  it('of too many entries, with a password, or packed otherwise is refused', async () => {
    const many = Array.from({ length: MAX_ENTRIES + 1 }, (_, n) => ({ ...plain, name: `${n}.go` }));
    expect(await problemOf(forge(many))).toBe('too_many_entries');
    expect(await problemOf(forge([{ ...plain, flags: 1 }]))).toBe('encrypted');
    expect(await problemOf(forge([{ ...plain, method: 12 }]))).toBe('method');
    expect(await problemOf(new Uint8Array(MAX_ZIP_BYTES + 1))).toBe('too_large');
    expect(await problemOf(encode('no zip at all, only a text that is long enough'))).toBe('not_a_zip');
    expect(await problemOf(new Uint8Array())).toBe('not_a_zip');
  });

  it('never does anything but give files or be refused, whichever bytes are wrong', async () => {
    const seeds = [
      forge([
        plain,
        { name: 'b/c.go', content: encode('x'.repeat(5000)) },
        { ...plain, name: 'd', method: 0 },
      ]),
      await writeZip([{ path: 'main.go', content: 'package main\n' }], at),
    ];
    const change = fc.record({ place: fc.nat(), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(change, { maxLength: 6 }),
        fc.option(fc.nat()),
        async (seed, changes, cut) => {
          const bytes = seed.slice(0, cut === null ? undefined : cut % (seed.length + 1));
          for (const { place, byte } of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte;
          const files = await readZip(bytes, 10_000).catch((error: unknown) => error);
          if (files instanceof Error) expect(files).toBeInstanceOf(ZipError);
          else {
            const total = (files as ZipFile[]).reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
            expect(total).toBeLessThanOrEqual(10_000);
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('what of a zip goes into a workspace', () => {
  const present = [
    { path: 'main.go', content: 'package main\n' },
    { path: 'kept.go', content: 'package kept\n' },
  ];

  it('is text under paths that may be; the rest is named with the reason', async () => {
    const zip = forge([
      { name: 'Main.go', content: encode('package main // new\r\n') },
      { name: '../outside.go', content: encode('x') },
      { name: '/etc/passwd', content: encode('x') },
      { name: 'C:\\x.go', content: encode('x') },
      { name: 'link.go', content: encode('/etc/passwd'), mode: 0o120777 },
      { name: 'picture.png', content: new Uint8Array([137, 80, 78, 71, 0, 1]) },
      { name: '.git/config', content: encode('x') },
      { name: '__MACOSX/._main.go', content: encode('x') },
      { name: 'new.go', content: encode('package n\n') },
      { name: 'NEW.go', content: encode('package n\n') },
      { name: 'new.go/inside.go', content: encode('x') },
      { name: 'kept.go/inside.go', content: encode('x') },
      { name: 'bad\u202ename.go', content: encode('x') },
    ]);
    const plan = planUpload(await readZip(zip, MAX_TEXT_BYTES), present);
    expect(plan.files).toEqual([
      { path: 'main.go', content: 'package main // new\n', kind: 'changed' },
      { path: 'new.go', content: 'package n\n', kind: 'new' },
    ]);
    expect(plan.leftOut.map(({ why }) => why)).toEqual([
      'dot_segment',
      'absolute',
      'absolute',
      'link',
      'binary',
      'git',
      'system',
      'twice',
      'file_for_folder',
      'file_for_folder',
      'control',
    ]);
    expect(plan.leftOut.at(-1)?.path).toBe('bad\ufffdname.go');
    expect(plan).toMatchObject({ fileCount: 3, tooMuch: null });
  });

  it('comes without the one folder that an archive of a repository has', () => {
    const zip = ['lesson-main/go.mod', 'lesson-main/a/b.go'].map((name) => ({
      name,
      content: encode('x\n'),
    }));
    expect(planUpload(zip, []).files.map((file) => file.path)).toEqual(['go.mod', 'a/b.go']);
    const outside = ['../a.go', '../b.go'].map((name) => ({ name, content: encode('x\n') }));
    expect(planUpload(outside, []).leftOut).toHaveLength(2);
  });

  it('is measured against the limits before it is put in', () => {
    const many = Array.from({ length: MAX_FILES }, (_, n) => ({ name: `${n}.go`, content: encode('x\n') }));
    expect(planUpload(many, []).tooMuch).toBeNull();
    expect(planUpload(many, present)).toMatchObject({ tooMuch: 'files', fileCount: MAX_FILES + 2 });
    const large = [{ name: 'large.go', content: encode('x'.repeat(MAX_TEXT_BYTES)) }];
    expect(planUpload(large, []).tooMuch).toBeNull();
    expect(planUpload(large, present).tooMuch).toBe('text');
  });
});
