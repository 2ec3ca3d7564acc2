import { growFloats, growIndexes, growInts } from './growable.ts';
import { PairTable } from './pair-table.ts';
import type { Profile } from './profile.ts';

/** The function of node 0, which is all samples together. */
export const ROOT_FUNCTION = -1;

/**
 * A tree of calls as columns in pre-order: a node's subtree is `node .. subtreeEnd[node]`, its first child is
 * `node + 1`. Siblings stand dearest first. Node 0 is the root; depth 0.
 */
export type CallTree = {
  /** Index into `Profile.functions`; `ROOT_FUNCTION` for node 0. */
  readonly functionId: Int32Array;
  readonly depth: Uint32Array;
  readonly parent: Int32Array;
  readonly subtreeEnd: Uint32Array;
  /** Value of the samples that pass through the node. */
  readonly total: Float64Array;
  /** Value of the samples that end in it. */
  readonly self: Float64Array;
  /** Index into `Profile.files` and the line where most of `total` is spent; -1 and 0 for the root. */
  readonly fileId: Int32Array;
  readonly line: Int32Array;
  readonly maxDepth: number;
};

/**
 * Which part of each stack becomes a path. `calls`: from the outermost caller to the leaf. `inverted`: from the leaf
 * outward. `callees` and `callers`: from the outermost occurrence of `functionId` down, or up; samples without it are
 * left out, so a recursive function's total is its cum.
 */
export type TreeView =
  | { readonly kind: 'calls' }
  | { readonly kind: 'inverted' }
  | { readonly kind: 'callees'; readonly functionId: number }
  | { readonly kind: 'callers'; readonly functionId: number };

/** Joins the samples of one type into a tree. Samples of value 0 are left out, as pprof does. */
export function buildCallTree(
  profile: Profile,
  type = profile.defaultType,
  view: TreeView = { kind: 'calls' },
): CallTree {
  return order(join(profile, type, view), profile);
}

type Joined = {
  /** Of node i; the root is 0. Parents have lower numbers than their children. */
  functionId: Int32Array;
  parent: Int32Array;
  total: Float64Array;
  self: Float64Array;
  frame: Int32Array;
};

function join(profile: Profile, type: number, view: TreeView): Joined {
  const { stack, stackStart, values, frameFunction, sampleCount } = profile;
  const types = profile.sampleTypes.length;
  const children = new PairTable();
  const nodeFrames = new PairTable();
  const functionId = growInts();
  const parent = growInts();
  const total = growFloats();
  const self = growFloats();
  const pairNode = growIndexes();
  const pairFrame = growIndexes();
  const pairWeight = growFloats();
  const addNode = (above: number, id: number): void => {
    parent.push(above);
    functionId.push(id);
    total.push(0);
    self.push(0);
  };
  addNode(-1, ROOT_FUNCTION);
  for (let sample = 0; sample < sampleCount; sample++) {
    const value = values[sample * types + type] ?? 0;
    const start = stackStart[sample] ?? 0;
    const end = stackStart[sample + 1] ?? 0;
    if (value === 0) continue;
    const path = pathOf(profile, start, end, view);
    if (path === null) continue;
    let node = 0;
    total.add(0, value);
    for (let at = path.from; at !== path.to; at += path.step) {
      const frame = stack[at] ?? 0;
      const id = frameFunction[frame] ?? 0;
      const child = children.idOf(node, id) + 1;
      if (child === total.length) addNode(node, id);
      node = child;
      total.add(node, value);
      const pair = nodeFrames.idOf(node, frame);
      if (pair === pairNode.length) {
        pairNode.push(node);
        pairFrame.push(frame);
        pairWeight.push(0);
      }
      pairWeight.add(pair, Math.abs(value));
    }
    self.add(node, value);
  }
  const frame = new Int32Array(total.length).fill(-1);
  const weight = new Float64Array(total.length);
  for (let pair = 0; pair < pairNode.length; pair++) {
    const node = pairNode.at(pair);
    if (pairWeight.at(pair) <= (weight[node] ?? 0)) continue;
    weight[node] = pairWeight.at(pair);
    frame[node] = pairFrame.at(pair);
  }
  return {
    functionId: functionId.take(),
    parent: parent.take(),
    total: total.take(),
    self: self.take(),
    frame,
  };
}

type Path = { from: number; to: number; step: 1 | -1 };

function pathOf({ stack, frameFunction }: Profile, start: number, end: number, view: TreeView): Path | null {
  if (view.kind === 'calls') return { from: end - 1, to: start - 1, step: -1 };
  if (view.kind === 'inverted') return { from: start, to: end, step: 1 };
  for (let at = end - 1; at >= start; at--)
    if (frameFunction[stack[at] ?? 0] === view.functionId)
      return view.kind === 'callees' ? { from: at, to: start - 1, step: -1 } : { from: at, to: end, step: 1 };
  return null;
}

/** Puts the nodes in pre-order, dearest sibling first. */
function order(joined: Joined, profile: Profile): CallTree {
  const count = joined.total.length;
  const sorted = siblingsInOrder(joined, profile);
  const tree = {
    functionId: new Int32Array(count),
    depth: new Uint32Array(count),
    parent: new Int32Array(count),
    subtreeEnd: new Uint32Array(count),
    total: new Float64Array(count),
    self: new Float64Array(count),
    fileId: new Int32Array(count),
    line: new Int32Array(count),
  };
  // Sizes from the leaves up: a child has a higher number than its parent.
  const size = new Uint32Array(count).fill(1);
  for (let node = count - 1; node > 0; node--) {
    const above = joined.parent[node] ?? 0;
    size[above] = (size[above] ?? 0) + (size[node] ?? 0);
  }
  const place = new Uint32Array(count);
  const nextFree = new Uint32Array(count);
  nextFree[0] = 1;
  let maxDepth = 0;
  for (const node of sorted) {
    const above = joined.parent[node] ?? 0;
    const at = above === -1 ? 0 : (nextFree[above] ?? 0);
    if (above !== -1) {
      nextFree[above] = at + (size[node] ?? 0);
      nextFree[node] = at + 1;
      tree.depth[at] = (tree.depth[place[above] ?? 0] ?? 0) + 1;
    }
    place[node] = at;
    const frame = joined.frame[node] ?? -1;
    tree.functionId[at] = joined.functionId[node] ?? ROOT_FUNCTION;
    tree.parent[at] = above === -1 ? -1 : (place[above] ?? 0);
    tree.subtreeEnd[at] = at + (size[node] ?? 0);
    tree.total[at] = joined.total[node] ?? 0;
    tree.self[at] = joined.self[node] ?? 0;
    tree.fileId[at] = frame === -1 ? -1 : (profile.frameFile[frame] ?? 0);
    tree.line[at] = frame === -1 ? 0 : (profile.frameLine[frame] ?? 0);
    maxDepth = Math.max(maxDepth, tree.depth[at] ?? 0);
  }
  return { ...tree, maxDepth };
}

/** All nodes, parents before children, siblings by size of total, then by name so that two runs look alike. */
function siblingsInOrder({ parent, total, functionId }: Joined, { functions }: Profile): Uint32Array {
  const count = total.length;
  const start = new Uint32Array(count + 1);
  for (let node = 1; node < count; node++) {
    const above = (parent[node] ?? 0) + 1;
    start[above] = (start[above] ?? 0) + 1;
  }
  for (let node = 0; node < count; node++) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0);
  const fill = start.slice();
  const children = new Uint32Array(Math.max(count - 1, 0));
  for (let node = 1; node < count; node++) {
    const above = parent[node] ?? 0;
    const at = fill[above] ?? 0;
    fill[above] = at + 1;
    children[at] = node;
  }
  const byCost = (a: number, b: number): number =>
    Math.abs(total[b] ?? 0) - Math.abs(total[a] ?? 0) ||
    ((functions[functionId[a] ?? 0] ?? '') < (functions[functionId[b] ?? 0] ?? '') ? -1 : 1);
  const sorted = new Uint32Array(count);
  let written = 1;
  for (let read = 0; read < written; read++) {
    const node = sorted[read] ?? 0;
    const siblings = children.subarray(start[node] ?? 0, start[node + 1] ?? 0);
    if (siblings.length > 1) siblings.sort(byCost);
    sorted.set(siblings, written);
    written += siblings.length;
  }
  return sorted;
}

/** The nodes from below the root down to `node`, for crumbs and for finding the same place in another tree. */
export function pathTo(tree: CallTree, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at > 0; at = tree.parent[at] ?? 0) path.push(at);
  return path.reverse();
}

/** The node that `functionIds` lead to from the root, as deep as the tree goes with them. */
export function nodeAtPath(tree: CallTree, functionIds: readonly number[]): number {
  let node = 0;
  for (const id of functionIds) {
    const end = tree.subtreeEnd[node] ?? 0;
    let child = node + 1;
    while (child < end && tree.functionId[child] !== id) child = tree.subtreeEnd[child] ?? end;
    if (child >= end) return node;
    node = child;
  }
  return node;
}
