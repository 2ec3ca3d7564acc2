import { describe, expect, it } from 'vitest';
import { buildCallTree, nodeAtPath, pathTo, type CallTree, type TreeView } from './call-tree.ts';
import { profileFromText } from './fixtures/index.ts';
import type { Profile } from './profile.ts';

/** A tree as lines: two spaces a level, name, total, and self in brackets. */
function drawn(tree: CallTree, { functions }: Profile): string[] {
  return [...tree.functionId].map((id, node) => {
    const name = node === 0 ? 'all' : (functions[id] ?? '');
    return `${'  '.repeat(tree.depth[node] ?? 0)}${name} ${tree.total[node] ?? 0} (${tree.self[node] ?? 0})`;
  });
}
const draw = async (text: string, view?: (profile: Profile) => TreeView): Promise<string[]> => {
  const profile = await profileFromText(text);
  return drawn(buildCallTree(profile, 0, view?.(profile)), profile);
};
const recursive = `
  main  main
  fib   fib
  fib   fib
  fib   leaf
  =5    =2
`;

describe('the tree of calls', () => {
  it('joins equal paths and puts the dearest sibling first', async () => {
    expect(
      await draw(`
        main  main  main
        a     b     b
        x     y     -
        =1    =4    =2
      `),
    ).toEqual(['all 7 (0)', '  main 7 (0)', '    b 6 (2)', '      y 4 (4)', '    a 1 (0)', '      x 1 (1)']);
  });

  it('leaves out samples of value 0 and keeps negative ones', async () => {
    expect(
      await draw(`
        main  main  main
        a     b     c
        =0    =-4   =3
      `),
    ).toEqual(['all -1 (0)', '  main -1 (0)', '    b -4 (-4)', '    c 3 (3)']);
  });

  it('shows recursion as it was', async () => {
    expect(await draw(recursive)).toEqual([
      'all 7 (0)',
      '  main 7 (0)',
      '    fib 7 (0)',
      '      fib 7 (0)',
      '        fib 5 (5)',
      '        leaf 2 (2)',
    ]);
  });

  it('counts recursion once from the outermost call', async () => {
    const fib = ({ functions }: Profile): number => functions.indexOf('fib');
    const callees = await draw(recursive, (profile) => ({ kind: 'callees', functionId: fib(profile) }));
    expect(callees.slice(0, 2)).toEqual(['all 7 (0)', '  fib 7 (0)']);
    const callers = await draw(recursive, (profile) => ({ kind: 'callers', functionId: fib(profile) }));
    expect(callers).toEqual(['all 7 (0)', '  fib 7 (0)', '    main 7 (7)']);
  });

  it('turns around', async () => {
    expect(await draw(recursive, () => ({ kind: 'inverted' }))).toEqual([
      'all 7 (0)',
      '  fib 5 (0)',
      '    fib 5 (0)',
      '      fib 5 (0)',
      '        main 5 (5)',
      '  leaf 2 (0)',
      '    fib 2 (0)',
      '      fib 2 (0)',
      '        main 2 (2)',
    ]);
  });

  it('names the line where most of a node is spent', async () => {
    const profile = await profileFromText(`
      main.a:3  main.a:7
      =1        =2
    `);
    const tree = buildCallTree(profile);
    expect([profile.files[tree.fileId[1] ?? -1], tree.line[1]]).toEqual(['main.go', 7]);
    expect([tree.fileId[0], tree.line[0]]).toEqual([-1, 0]);
  });

  it('finds a path again, as deep as it goes', async () => {
    const profile = await profileFromText(recursive);
    const tree = buildCallTree(profile);
    for (let node = 0; node < tree.functionId.length; node++)
      expect(
        nodeAtPath(
          tree,
          pathTo(tree, node).map((at) => tree.functionId[at] ?? -1),
        ),
      ).toBe(node);
    expect(nodeAtPath(tree, [profile.functions.indexOf('main'), 99])).toBe(1);
  });

  it('is a root alone when nothing was sampled', async () => {
    expect(await draw('main\n=0')).toEqual(['all 0 (0)']);
  });
});
