import { buildCallTree } from '@lineage/pprof';
import { describe, expect, it } from 'vitest';
import { profileFromText } from '@lineage/pprof/fixtures';
import { nodeAtNames } from './use-kept-node.ts';

describe('a place in a tree of calls', () => {
  it('is found again in a tree that grew, as deep as there is one', async () => {
    const grown = await profileFromText('new main main\nb a a\n- b c\n=9 =4 =2\n');
    const tree = buildCallTree(grown, 0);
    const nameAt = (names: string[]): string =>
      grown.functions[tree.functionId[nodeAtNames(tree, grown.functions, names)] ?? -1] ?? 'all';
    expect(nameAt(['main', 'a', 'b'])).toBe('b');
    expect(nameAt(['main', 'a', 'gone', 'b'])).toBe('a');
    expect(nameAt(['gone'])).toBe('all');
    expect(nodeAtNames(tree, grown.functions, [])).toBe(0);
  });
});
