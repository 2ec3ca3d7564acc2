import { nodeAtPath, pathTo, type CallTree } from '@lineage/pprof';
import { useMemo, useState } from 'react';
import type { ProfileFacts } from './profile-messages.ts';

/**
 * A node that keeps its place, by the names of the functions that lead to it, while the tree is made anew under it; as
 * deep as the new tree goes. Of another `of` it is the root again.
 */
export function useKeptNode(
  of: string,
  { functions }: Pick<ProfileFacts, 'functions'>,
  tree: CallTree,
): [node: number, keep: (node: number) => void] {
  const [kept, setKept] = useState<{ of: string; path: readonly string[] }>({ of, path: [] });
  const node = useMemo(
    () => (kept.of === of && kept.path.length > 0 ? nodeAtNames(tree, functions, kept.path) : 0),
    [kept, of, tree, functions],
  );
  const keep = (next: number): void =>
    setKept({
      of,
      path: pathTo(tree, next).map((step) => functions[tree.functionId[step] ?? -1] ?? ''),
    });
  return [node, keep];
}

/** The node to which functions of these names lead, as deep as there is one. */
export function nodeAtNames(tree: CallTree, functions: readonly string[], names: readonly string[]): number {
  const ids = new Map(functions.map((name, id) => [name, id]));
  return nodeAtPath(
    tree,
    names.map((name) => ids.get(name) ?? -2),
  );
}
