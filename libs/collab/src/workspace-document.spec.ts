import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { pathKey } from './path.ts';
import { createFile, deleteFile, filesOf, listFiles, readTree, renameFile } from './workspace-document.ts';

function meet(...docs: Y.Doc[]): void {
  const updates = docs.map((doc) => Y.encodeStateAsUpdate(doc));
  for (const doc of docs) for (const update of updates) Y.applyUpdate(doc, update);
}

type Step = { on: 0 | 1 | 2; act: 'create' | 'rename' | 'delete' | 'type'; path: string; pick: number };
const paths = [
  'main.go',
  'MAIN.go',
  'ring',
  'ring/ring.go',
  'ring/ring.go/deep.go',
  'a.go',
  'main.go.conflict-2',
];
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    on: fc.constantFrom(0 as const, 1 as const, 2 as const),
    act: fc.constantFrom(
      'create' as const,
      'create' as const,
      'rename' as const,
      'delete' as const,
      'type' as const,
    ),
    path: fc.constantFrom(...paths),
    pick: fc.nat(20),
  }),
  { maxLength: 30 },
);

function take(doc: Y.Doc, { act, path, pick }: Step): void {
  const files = listFiles(doc);
  const file = files[pick % Math.max(1, files.length)];
  if (act === 'create') createFile(doc, path, `in ${path}`);
  else if (file === undefined) return;
  else if (act === 'rename') renameFile(doc, file.id, path);
  else if (act === 'delete') deleteFile(doc, file.id);
  else file.text.insert(pick % (file.text.length + 1), 'x');
}

describe('the tree', () => {
  it('is the same everywhere when two create one path at once, and both texts are there', () => {
    const [a, b] = [new Y.Doc(), new Y.Doc()];
    createFile(a, 'main.go', 'from a');
    createFile(b, 'main.go', 'from b');
    meet(a, b);
    expect(readTree(a)).toEqual(readTree(b));
    expect(readTree(a).map(({ path }) => path)).toEqual(['main.go', 'main.go.conflict-2']);
    expect(
      readTree(a)
        .map(({ content }) => content)
        .toSorted(),
    ).toEqual(['from a', 'from b']);
  });

  it('has every path once and no file where a folder is, whatever three people do at once', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
        for (const step of script) take(docs[step.on] ?? new Y.Doc(), step);
        meet(...docs);
        const [first, ...others] = docs.map(readTree);
        for (const other of others) expect(other).toEqual(first);
        const keys = (first ?? []).map(({ path }) => pathKey(path));
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) expect(keys.some((other) => other.startsWith(`${key}/`))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the path to the lowest id, and back when that one is renamed', () => {
    const doc = new Y.Doc();
    createFile(doc, 'ring.go', 'later', 'b');
    createFile(doc, 'RING.go', 'earlier', 'a');
    expect(listFiles(doc).map(({ id, path }) => [id, path])).toEqual([
      ['a', 'RING.go'],
      ['b', 'ring.go.conflict-2'],
    ]);
    expect(renameFile(doc, 'a', 'other.go')).toBe(true);
    expect(listFiles(doc).map(({ path }) => path)).toEqual(['other.go', 'ring.go']);
  });

  it('has no empty claimant, and no entry that is no file', () => {
    const doc = new Y.Doc();
    createFile(doc, 'a.go', 'x', '1');
    createFile(doc, 'a.go', '', '2');
    createFile(doc, '../out.go', 'x', '3');
    filesOf(doc).set('4', 'no map');
    filesOf(doc).set('5', new Y.Map());
    expect(listFiles(doc).map(({ id }) => id)).toEqual(['1']);
    expect(renameFile(doc, '4', 'b.go')).toBe(false);
  });
});
