import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCallTree } from './call-tree.ts';
import { decodeProfile } from './decode.ts';
import { encodeProfile } from './fixtures/index.ts';
import { MAX_FILE_BYTES, MAX_INFLATED_BYTES } from './limits.ts';
import { ProfileDecodeError } from './profile-decode-error.ts';

const folder = path.join(import.meta.dirname, '../testdata');
const files = readdirSync(folder).filter((name) => name.endsWith('.pb.gz'));
const cpu = readFileSync(path.join(folder, 'cpu.pb.gz'));

/** Mulberry32: the same bytes in each run, so that a failure can be looked at. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The code of the refusal, or '' when the bytes were read, and then can be drawn. Any other error fails the test. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const profile = await decodeProfile(bytes);
    for (const type of profile.sampleTypes.keys()) buildCallTree(profile, type);
    return '';
  } catch (error) {
    if (error instanceof ProfileDecodeError) return error.code;
    throw error;
  }
}

describe('bytes of a stranger', () => {
  it.each(files)('never break the reader when %s ends too early', async (name) => {
    const packed = readFileSync(path.join(folder, name));
    const plain = gunzipSync(packed);
    for (let part = 0; part < 60; part++) {
      const cut = Math.floor((packed.length * part) / 60);
      expect(['truncated', 'not_a_profile']).toContain(await outcome(packed.subarray(0, cut)));
      await outcome(plain.subarray(0, Math.floor((plain.length * part) / 60)));
    }
  });

  it('never break the reader when bits are turned', async () => {
    const random = randomFrom(1);
    const plain = gunzipSync(cpu);
    for (let round = 0; round < 400; round++) {
      const bytes = Uint8Array.from(plain);
      for (let turn = 0; turn <= round % 8; turn++) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      await outcome(bytes);
    }
  });

  it('never break the reader when they are random', async () => {
    const random = randomFrom(2);
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256));
      if (round % 4 === 0) bytes.set([0x1f, 0x8b].slice(0, bytes.length));
      if (round % 4 === 1) bytes.set([0x0a, 0x04, 0x08, 0x01, 0x10, 0x02].slice(0, bytes.length));
      await outcome(bytes);
    }
  });

  /** `npm run fuzz` asks for more. */
  const seconds = Number(process.env['LINEAGE_FUZZ_SECONDS'] ?? 0);
  it(
    'never break the reader, whatever is done to a profile',
    { timeout: 120_000 + seconds * 1000 },
    async () => {
      const plains = files.map((name) => gunzipSync(readFileSync(path.join(folder, name))));
      const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
      const change = fc.record({
        at: place,
        removed: fc.nat({ max: 40 }),
        put: fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constant(new Uint8Array(10).fill(0xff))),
      });
      const changed = fc
        .tuple(fc.constantFrom(...plains), fc.array(change, { minLength: 1, maxLength: 6 }))
        .map(([plain, changes]) =>
          changes.reduce((bytes, { at, removed, put }) => {
            const from = Math.floor(at * bytes.length);
            return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + removed)]);
          }, plain),
        );
      const check = fc.asyncProperty(changed, async (bytes) => void (await outcome(bytes)));
      const length =
        seconds === 0 ? { numRuns: 300 } : { numRuns: 1e9, interruptAfterTimeLimit: seconds * 1000 };
      await fc.assert(check, length);
    },
  );

  it('are refused as a damaged stream when the gzip is', async () => {
    const bytes = Uint8Array.from(cpu);
    bytes.fill(0x55, 200, 400);
    expect(await outcome(bytes)).toBe('malformed');
  });

  it('cost no more than the limit when they are a bomb', async () => {
    const bomb = gzipSync(new Uint8Array(MAX_INFLATED_BYTES + 1));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await outcome(bomb)).toBe('bomb');
    expect(await outcome(new Uint8Array(MAX_FILE_BYTES + 1))).toBe('too_large');
  });

  it('cost no more than the limit when a small file names long stacks many times', async () => {
    const lines = Array.from({ length: 10_000 }, () => ({ functionId: 1, line: 1 }));
    const bytes = encodeProfile({
      sampleTypes: [{ type: 'samples', unit: 'count' }],
      samples: Array.from({ length: 1000 }, () => ({ locations: [1], values: [1] })),
      locations: [{ id: 1, lines }],
      functions: [{ id: 1, name: 'a', file: 'a.go' }],
    });
    expect(bytes.length).toBeLessThan(100_000);
    expect(await outcome(bytes)).toBe('too_large');
  });
});
