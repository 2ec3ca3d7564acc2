import type { CallTree } from '@lineage/pprof';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The neighbour of a node: up to the caller, down to the dearest callee, sideways to the next sibling. */
export function moveFocus(tree: CallTree, node: number, direction: Direction): number {
  switch (direction) {
    case 'up':
      return Math.max(tree.parent[node] ?? 0, 0);
    case 'down':
      return node + 1 < (tree.subtreeEnd[node] ?? 0) ? node + 1 : node;
    case 'right': {
      const next = tree.subtreeEnd[node] ?? 0;
      const parent = tree.parent[node] ?? -1;
      return parent >= 0 && next < (tree.subtreeEnd[parent] ?? 0) ? next : node;
    }
    case 'left': {
      const parent = tree.parent[node] ?? -1;
      if (parent < 0) return node;
      let before = node;
      for (let at = parent + 1; at < node; at = tree.subtreeEnd[at] ?? node) before = at;
      return before;
    }
  }
}
