import { buildCallTree, type CallTree } from '@lineage/pprof';
import { profileFromText } from '@lineage/pprof/fixtures';
import { describe, expect, it } from 'vitest';
import { moveFocus } from './move-focus.ts';

const tree: CallTree = buildCallTree(
  await profileFromText(`
    main  main  main
    burn  burn  wait
    mul   add   wait
  `),
);

describe('moving through a flame graph by keys', () => {
  it('goes down to the dearest callee and up to the caller', () => {
    const below = moveFocus(tree, 0, 'down');
    expect(tree.depth[below]).toBe(1);
    expect(moveFocus(tree, below, 'up')).toBe(0);
    expect(moveFocus(tree, 0, 'up')).toBe(0);
  });

  it('goes sideways among siblings and stays at the edges', () => {
    const first = moveFocus(tree, moveFocus(tree, 0, 'down'), 'down');
    const second = moveFocus(tree, first, 'right');
    expect(second).not.toBe(first);
    expect(moveFocus(tree, second, 'left')).toBe(first);
    expect(moveFocus(tree, first, 'left')).toBe(first);
    expect(moveFocus(tree, second, 'right')).toBe(second);
  });
});
