import type { CallTree } from './call-tree.ts';

/** What a search found in a tree. */
export type Found = {
  /** 1 for each node whose function matches. */
  readonly nodes: Uint8Array;
  readonly count: number;
  /** Their value over the tree's, 0..1; what is called by another match is not counted twice. */
  readonly share: number;
};

/** Finds nodes whose function's name holds every word of `query`, whatever the case; nothing for an empty query. */
export function searchTree(tree: CallTree, functions: readonly string[], query: string): Found {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const nodes = new Uint8Array(tree.functionId.length);
  if (words.length === 0) return { nodes, count: 0, share: 0 };
  const matches = functions.map((name) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  });
  let count = 0;
  let sum = 0;
  let countedUntil = 0;
  for (let node = 1; node < nodes.length; node++) {
    if (matches[tree.functionId[node] ?? -1] !== true) continue;
    nodes[node] = 1;
    count++;
    if (node < countedUntil) continue;
    countedUntil = tree.subtreeEnd[node] ?? 0;
    sum += Math.abs(tree.total[node] ?? 0);
  }
  const whole = Math.abs(tree.total[0] ?? 0);
  return { nodes, count, share: whole === 0 ? 0 : Math.min(sum / whole, 1) };
}
