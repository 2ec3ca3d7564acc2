import { gzipSync } from 'node:zlib';
import { encodeProfile } from '@lineage/pprof/fixtures';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { log } from '../../platform/logging/index.ts';
import { MOST_PROFILE_BYTES } from './profile-limits.ts';
import { ProfileSummary } from './profile-summary.ts';

const MIB = 1024 * 1024;

const profileOf = (name: string): Uint8Array =>
  encodeProfile({
    sampleTypes: [{ type: 'cpu', unit: 'nanoseconds' }],
    samples: [{ locations: [1], values: [10] }],
    locations: [{ id: 1, lines: [{ functionId: 1, line: 3 }] }],
    functions: [{ id: 1, name, file: 'main.go' }],
  });

/** A whole profile, with a sample in which this field is repeated until the file has about so many bytes. */
function swollen(field: number, content: readonly number[], size: number): Uint8Array {
  const one = Uint8Array.of((field << 3) | 2, content.length, ...content);
  const many = Buffer.alloc(Math.floor(size / one.length) * one.length, one);
  const value = Uint8Array.of(0x12, 1, 1);
  const head = Uint8Array.of(0x12, ...varint(many.length + value.length));
  return Buffer.concat([profileOf('main.a'), head, many, value]);
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];

/** By how much this process grew at most while this was done. */
async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 2);
  await work().finally(() => clearInterval(timer));
  return most - before;
}

describe('the summary of a profile', () => {
  let summary: ProfileSummary;
  beforeEach(() => {
    summary = new ProfileSummary();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await summary.onApplicationShutdown();
  });

  it('answers one profile after the other from one worker', async () => {
    const names = ['main.a', 'main.b', 'main.c'];
    const hot = [];
    for (const name of names) hot.push(await summary.hotOf(profileOf(name)));
    expect(hot).toEqual(names.map((name) => ({ name, share: 1, unit: 'nanoseconds' })));
    expect(await summary.hotOf(gzipSync(profileOf('main.d')))).toMatchObject({ name: 'main.d' });
  });

  it('says nothing of what is no profile, and goes on', async () => {
    expect(await summary.hotOf(new TextEncoder().encode('no profile'))).toBeNull();
    expect(await summary.hotOf(profileOf('main.a'))).toMatchObject({ name: 'main.a' });
  });

  // Location 1, an empty label: a byte or two of a file that become a number of eight bytes, an object of sixty.
  const locations = [Array.from({ length: 100 }, () => 1), 60 * MIB] as const;
  it.each([
    [
      'unpacks to very much',
      gzipSync(swollen(1, ...locations)),
      'The profile unpacks to more than 4194304 bytes.',
    ],
    ['is packed twice', gzipSync(gzipSync(swollen(1, ...locations))), 'The profile is packed twice.'],
    ['is large as it is', new Uint8Array(MOST_PROFILE_BYTES + 1), 'The profile has 4194305 bytes.'],
    ['is made of small objects', gzipSync(swollen(3, [], 3.5 * MIB)), /memory limit|too long/],
  ])('refuses in words one that %s, and takes at most 256 MiB', async (_, hostile, words) => {
    const warned = vi.spyOn(log, 'warn').mockImplementation(() => undefined);
    const grown = await growthDuring(async () => expect(await summary.hotOf(hostile)).toBeNull());
    expect(grown).toBeLessThan(256 * MIB);
    const problem: unknown = words instanceof RegExp ? expect.stringMatching(words) : words;
    expect(warned.mock.calls).toEqual([[{ problem }, 'profile could not be summarised']]);
    expect(await summary.hotOf(profileOf('main.a'))).toMatchObject({ name: 'main.a' });
  });

  it('takes at most 256 MiB for the largest that it reads', async () => {
    const largest = swollen(1, locations[0], MOST_PROFILE_BYTES - 256);
    const grown = await growthDuring(async () =>
      expect(await summary.hotOf(largest)).toMatchObject({ name: 'main.a' }),
    );
    expect(grown).toBeLessThan(256 * MIB);
  });
});
