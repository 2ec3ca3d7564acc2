import { describe, expect, it } from 'vitest';
import { buildCallTree } from './call-tree.ts';
import { profileFromText } from './fixtures/index.ts';
import { functionCosts, totalOf } from './function-table.ts';
import { mergeProfiles } from './merge-profiles.ts';
import type { Profile } from './profile.ts';

const cumOf = (profile: Profile, name: string): number =>
  functionCosts(profile, 0).cum[profile.functions.indexOf(name)] ?? 0;

describe('profiles merged to one', () => {
  it('cost what they cost apart, function by function, and have each name once', async () => {
    const early = await profileFromText('main main\na b\n=1 =4\n');
    const late = await profileFromText('other main\nb b\nc -\n=8 =2\n');
    const merged = mergeProfiles([early, late]);
    if (merged === null) throw new Error('nothing merged');
    expect(totalOf(merged, 0)).toBe(15);
    expect(merged.functions.toSorted()).toEqual(['a', 'b', 'c', 'main', 'other']);
    expect(['main', 'a', 'b', 'c', 'other'].map((name) => cumOf(merged, name))).toEqual([7, 1, 14, 8, 8]);
    const tree = buildCallTree(merged, 0);
    expect([...tree.functionId].map((id) => merged.functions[id] ?? 'all')).toEqual([
      'all',
      'other',
      'b',
      'c',
      'main',
      'b',
      'a',
    ]);
  });

  it('are nothing without one, and leave out what measures something else', async () => {
    expect(mergeProfiles([])).toBeNull();
    const one = await profileFromText('main\n=3\n');
    const other = { ...one, sampleTypes: [{ type: 'space', unit: 'bytes' }] };
    expect(totalOf(mergeProfiles([one, other]) ?? one, 0)).toBe(3);
  });
});
