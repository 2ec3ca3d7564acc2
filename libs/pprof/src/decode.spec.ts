import { describe, expect, it } from 'vitest';
import { decodeProfile } from './decode.ts';
import { encodeProfile, gzip, type EncodableProfile } from './fixtures/index.ts';

const written = (change: Partial<EncodableProfile> = {}): EncodableProfile => ({
  sampleTypes: [
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ],
  samples: [{ locations: [7, 9], values: [1, 10], labels: [{ key: 'group', text: 'a' }] }],
  locations: [
    {
      id: 7,
      lines: [
        { functionId: 2, line: 20 },
        { functionId: 3, line: 30 },
      ],
    },
    { id: 9, lines: [{ functionId: 1, line: 10 }] },
  ],
  functions: [
    { id: 1, name: 'main.main', file: 'main.go' },
    { id: 2, name: 'main.inlined', file: 'main.go' },
    { id: 3, name: 'main.caller', file: 'other.go' },
  ],
  ...change,
});
const decode = (profile: EncodableProfile) => decodeProfile(encodeProfile(profile));
const code = (value: string): object =>
  expect.objectContaining({ name: 'ProfileDecodeError', code: value }) as object;

describe('decodeProfile', () => {
  it('unfolds inlined calls, the innermost first', async () => {
    const { stack, frameFunction, frameLine, frameFile, functions, files } = await decode(written());
    const frames = [...stack].map((frame) => [
      functions[frameFunction[frame] ?? -1],
      files[frameFile[frame] ?? -1],
      frameLine[frame],
    ]);
    expect(frames).toEqual([
      ['main.inlined', 'main.go', 20],
      ['main.caller', 'other.go', 30],
      ['main.main', 'main.go', 10],
    ]);
  });

  it('reads the same from packed and unpacked numbers, gzipped or not', async () => {
    const plain = await decode(written());
    expect(await decode(written({ unpacked: true }))).toEqual(plain);
    expect(await decodeProfile(await gzip(encodeProfile(written())))).toEqual(plain);
  });

  it('keeps negative values, labels and the type that the file names', async () => {
    const profile = await decode(
      written({
        samples: [{ locations: [9], values: [-3, -40], labels: [{ key: 'n', number: 5, unit: 'bytes' }] }],
      }),
    );
    expect([...profile.values]).toEqual([-3, -40]);
    expect(profile.labels.key).toEqual(['n']);
    expect([...profile.labels.number]).toEqual([5]);
    expect((await decode(written({ defaultType: 'samples' }))).defaultType).toBe(0);
    expect((await decode(written())).defaultType).toBe(1);
  });

  it('calls code without a name by its program', async () => {
    const profile = await decode(
      written({
        samples: [{ locations: [7, 9], values: [1, 1] }],
        mappings: [{ id: 1, file: '/lib/libc.so.6' }],
        locations: [
          { id: 7, lines: [], mappingId: 1 },
          { id: 9, lines: [] },
        ],
      }),
    );
    expect(profile.functions).toEqual(['[libc.so.6]', '<unknown>']);
  });

  it('follows identities over all 64 bits without mixing them up', async () => {
    const near = [2n ** 63n, 2n ** 63n + 4096n];
    const profile = await decode(
      written({
        samples: near.map((id) => ({ locations: [id], values: [1, 1] })),
        locations: near.map((id, at) => ({ id, lines: [{ functionId: at + 1, line: 1 }] })),
      }),
    );
    expect([...profile.stack].map((frame) => profile.functions[profile.frameFunction[frame] ?? -1])).toEqual([
      'main.main',
      'main.inlined',
    ]);
  });

  it.each([
    ['a location that is not there', { samples: [{ locations: [99], values: [1, 1] }] }],
    ['too few values', { samples: [{ locations: [9], values: [1] }] }],
    [
      'two functions of one identity',
      {
        functions: [
          { id: 1, name: 'a', file: '' },
          { id: 1, name: 'b', file: '' },
        ],
      },
    ],
  ])('refuses %s', async (_, change) => {
    await expect(decode(written(change))).rejects.toEqual(code('malformed'));
  });

  it('tells what is no profile from what is a damaged one', async () => {
    await expect(decodeProfile(new Uint8Array())).rejects.toEqual(code('truncated'));
    await expect(decodeProfile(new TextEncoder().encode('<!doctype html><p>Not found'))).rejects.toEqual(
      code('not_a_profile'),
    );
    await expect(decode(written({ sampleTypes: [], samples: [] }))).rejects.toEqual(code('not_a_profile'));
  });
});
