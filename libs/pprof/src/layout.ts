import type { CallTree } from './call-tree.ts';
import { growFloats, growIndexes } from './growable.ts';

/** Below this no one can see a box, so its whole subtree is left out. */
const MIN_WIDTH_PX = 0.5;

/**
 * Boxes to paint, by row and from left to right: those of row r are `rowStart[r] .. rowStart[r + 1]`. A row is a depth
 * of the tree; the callers of the zoomed node fill the rows above it.
 */
export type Layout = {
  readonly node: Uint32Array;
  readonly x: Float64Array;
  readonly width: Float64Array;
  readonly rowStart: Uint32Array;
  readonly rows: number;
  /** What was too narrow, as runs side by side: the parent that they belong to, where, and on which row. */
  readonly rest: {
    readonly parent: Uint32Array;
    readonly row: Uint32Array;
    readonly x: Float64Array;
    readonly width: Float64Array;
  };
};

export type LayoutOptions = {
  /** Node that fills the width; default the root. */
  readonly zoom?: number;
  readonly widthPx: number;
  /** Default 0.5. */
  readonly minWidthPx?: number;
};

/**
 * Places the tree's boxes for a zoom and a width. Takes time with what is visible, not with the size of the tree.
 * Widths are by size of total; where children of mixed signs are together larger than their parent, they are cut at
 * its edge.
 */
export function layoutTree(
  tree: CallTree,
  { zoom = 0, widthPx, minWidthPx = MIN_WIDTH_PX }: LayoutOptions,
): Layout {
  const node = growIndexes();
  const x = growFloats();
  const width = growFloats();
  const row = growIndexes();
  const rest = { parent: growIndexes(), row: growIndexes(), x: growFloats(), width: growFloats() };
  const callers: number[] = [];
  for (let at = tree.parent[zoom] ?? -1; at >= 0; at = tree.parent[at] ?? -1) callers.push(at);
  const put = (which: number, left: number, wide: number): void => {
    node.push(which);
    x.push(left);
    width.push(wide);
    row.push(tree.depth[which] ?? 0);
  };
  for (const caller of callers.reverse()) put(caller, 0, widthPx);
  put(zoom, 0, widthPx);
  const whole = Math.abs(tree.total[zoom] ?? 0);
  const scale = whole === 0 ? 0 : widthPx / whole;
  const base = tree.depth[zoom] ?? 0;
  // By depth below the zoomed node: where its next child goes, and where its own box ends.
  const cursor: number[] = [0];
  const edge: number[] = [widthPx];
  const end = tree.subtreeEnd[zoom] ?? 0;
  for (let at = zoom + 1; at < end && scale > 0;) {
    const depth = (tree.depth[at] ?? 0) - base;
    const left = cursor[depth - 1] ?? 0;
    const limit = edge[depth - 1] ?? 0;
    const wide = Math.min(Math.abs(tree.total[at] ?? 0) * scale, limit - left);
    if (wide < minWidthPx) {
      // Siblings stand dearest first: all that follow this one are too narrow as well.
      const parent = tree.parent[at] ?? 0;
      const narrow = restOf(tree, at, parent) * scale;
      const restWide = Math.min(narrow, limit - left);
      if (restWide >= minWidthPx) {
        rest.parent.push(parent);
        rest.row.push(depth + base);
        rest.x.push(left);
        rest.width.push(restWide);
      }
      at = tree.subtreeEnd[parent] ?? end;
      continue;
    }
    put(at, left, wide);
    cursor[depth - 1] = left + wide;
    cursor[depth] = left;
    edge[depth] = left + wide;
    at++;
  }
  return {
    ...byRow(node.take(), x.take(), width.take(), row.take()),
    rest: { parent: rest.parent.take(), row: rest.row.take(), x: rest.x.take(), width: rest.width.take() },
  };
}

function restOf(tree: CallTree, first: number, parent: number): number {
  const end = tree.subtreeEnd[parent] ?? 0;
  let sum = 0;
  for (let at = first; at < end; at = tree.subtreeEnd[at] ?? end) sum += Math.abs(tree.total[at] ?? 0);
  return sum;
}

function byRow(
  node: Uint32Array,
  x: Float64Array,
  width: Float64Array,
  row: Uint32Array,
): Pick<Layout, 'node' | 'x' | 'width' | 'rowStart' | 'rows'> {
  const rows = row.reduce((most, at) => Math.max(most, at + 1), 0);
  const rowStart = new Uint32Array(rows + 1);
  for (const at of row) rowStart[at + 1] = (rowStart[at + 1] ?? 0) + 1;
  for (let at = 0; at < rows; at++) rowStart[at + 1] = (rowStart[at + 1] ?? 0) + (rowStart[at] ?? 0);
  const next = rowStart.slice();
  const sorted = { node: node.slice(), x: x.slice(), width: width.slice() };
  for (const [from, at] of row.entries()) {
    const to = next[at] ?? 0;
    next[at] = to + 1;
    sorted.node[to] = node[from] ?? 0;
    sorted.x[to] = x[from] ?? 0;
    sorted.width[to] = width[from] ?? 0;
  }
  return { ...sorted, rowStart, rows };
}

/** The box on `row` that holds `xPx`, as an index into the layout's columns; -1 where there is none. */
export function boxAt(layout: Layout, row: number, xPx: number): number {
  if (row < 0 || row >= layout.rows) return -1;
  const start = layout.rowStart[row] ?? 0;
  let low = start;
  let high = layout.rowStart[row + 1] ?? start;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((layout.x[middle] ?? 0) <= xPx) low = middle + 1;
    else high = middle;
  }
  const box = low - 1;
  return box >= start && xPx < (layout.x[box] ?? 0) + (layout.width[box] ?? 0) ? box : -1;
}
