import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCallTree, type CallTree } from './call-tree.ts';
import { decodeProfile } from './decode.ts';
import { profileFromText } from './fixtures/index.ts';
import { boxAt, layoutTree, type Layout } from './layout.ts';

const folder = path.join(import.meta.dirname, '../testdata');
const files = readdirSync(folder).filter((name) => name.endsWith('.pb.gz'));
const ROUNDING_PX = 1e-6;

const rowOf = (layout: Layout, row: number): { node: number; x: number; width: number }[] =>
  [...layout.node.keys()]
    .slice(layout.rowStart[row], layout.rowStart[row + 1])
    .map((box) => ({ node: layout.node[box] ?? 0, x: layout.x[box] ?? 0, width: layout.width[box] ?? 0 }));

function checkTree(tree: CallTree): void {
  for (let node = 0; node < tree.functionId.length; node++) {
    const end = tree.subtreeEnd[node] ?? 0;
    let below = 0;
    for (let child = node + 1; child < end; child = tree.subtreeEnd[child] ?? end) {
      expect(tree.parent[child]).toBe(node);
      expect(tree.depth[child]).toBe((tree.depth[node] ?? 0) + 1);
      below += tree.total[child] ?? 0;
    }
    expect(tree.total[node]).toBe(below + (tree.self[node] ?? 0));
  }
}

function checkLayout(layout: Layout, tree: CallTree, widthPx: number): void {
  const place = new Map([...layout.node].map((node, box) => [node, box]));
  for (let row = 0; row < layout.rows; row++) {
    let edge = 0;
    for (const { node, x, width } of rowOf(layout, row)) {
      expect(tree.depth[node]).toBe(row);
      expect(x).toBeGreaterThanOrEqual(edge - ROUNDING_PX);
      edge = x + width;
      expect(edge).toBeLessThanOrEqual(widthPx + ROUNDING_PX);
      expect(boxAt(layout, row, x + width / 2)).toBe(place.get(node));
      const parent = place.get(tree.parent[node] ?? -1);
      if (parent === undefined) continue;
      expect(x).toBeGreaterThanOrEqual((layout.x[parent] ?? 0) - ROUNDING_PX);
      expect(edge).toBeLessThanOrEqual((layout.x[parent] ?? 0) + (layout.width[parent] ?? 0) + ROUNDING_PX);
    }
  }
}

describe('the layout', () => {
  it.each(files)('keeps every box of %s within its caller, at every zoom', async (name) => {
    const profile = await decodeProfile(readFileSync(path.join(folder, name)));
    for (const type of profile.sampleTypes.keys()) {
      const tree = buildCallTree(profile, type);
      checkTree(tree);
      for (let zoom = 0; zoom < tree.functionId.length; zoom += 1 + Math.floor(tree.functionId.length / 12))
        for (const widthPx of [37, 1000]) checkLayout(layoutTree(tree, { zoom, widthPx }), tree, widthPx);
    }
  });

  it('gives each node its part of the width, the zoomed one and its callers all of it', async () => {
    const tree = buildCallTree(
      await profileFromText(`
        main  main  main
        a     a     b
        x     y     -
        =6    =2    =2
      `),
    );
    expect(rowOf(layoutTree(tree, { widthPx: 100 }), 2)).toMatchObject([
      { x: 0, width: 80 },
      { x: 80, width: 20 },
    ]);
    const zoomed = layoutTree(tree, { widthPx: 100, zoom: 2 });
    expect(rowOf(zoomed, 1)).toMatchObject([{ node: 1, x: 0, width: 100 }]);
    expect(rowOf(zoomed, 3)).toMatchObject([
      { x: 0, width: 75 },
      { x: 75, width: 25 },
    ]);
  });

  it('leaves out what cannot be seen, and says where it was', async () => {
    const tree = buildCallTree(
      await profileFromText(`
        main  main  main  main
        a     b     c     d
        =997  =1    =1    =1
      `),
    );
    const layout = layoutTree(tree, { widthPx: 300 });
    expect(rowOf(layout, 2)).toHaveLength(1);
    expect([...layout.rest.parent]).toEqual([1]);
    expect(layout.rest.width[0]).toBeCloseTo(0.9);
    expect(layout.rest.x[0]).toBeCloseTo(299.1);
  });

  it('cuts children of mixed signs at the edge of their parent', async () => {
    const tree = buildCallTree(
      await profileFromText(`
        main  main
        a     b
        =8    =-6
      `),
    );
    const layout = layoutTree(tree, { widthPx: 100 });
    checkLayout(layout, tree, 100);
    expect(rowOf(layout, 2)).toMatchObject([{ x: 0, width: 100 }]);
  });

  it('is one box when values cancel out, and finds nothing outside of boxes', async () => {
    const tree = buildCallTree(await profileFromText('main.a main.b\n=2 =-2'));
    const layout = layoutTree(tree, { widthPx: 100 });
    expect([...layout.node]).toEqual([0]);
    expect([boxAt(layout, 0, 50), boxAt(layout, 0, 100), boxAt(layout, -1, 5), boxAt(layout, 1, 5)]).toEqual([
      0, -1, -1, -1,
    ]);
  });
});
