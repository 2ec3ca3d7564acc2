import { createFile, listFiles, readTree, renameFile, templateUpdate } from '@lineage/collab';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { undoOf } from '../codemirror/own-undo.ts';
import { TYPED_ORIGIN } from '../codemirror/text-binding.ts';
import { applyTree } from './apply-tree.ts';

function documentOf(files: readonly { path: string; content: string }[]): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, templateUpdate(files, 1));
  return doc;
}
const textOf = (doc: Y.Doc, path: string): Y.Text => {
  const text = listFiles(doc).find((file) => file.path === path)?.text;
  if (text === undefined) throw new Error(`there is no ${path}`);
  return text;
};

const tree = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom('a.go', 'b.go', 'c/d.go', 'go.mod'),
    content: fc
      .array(fc.constantFrom('x', 'word ', '\n', '\t', '编程'), { minLength: 1, maxLength: 12 })
      .map((t) => t.join('')),
  }),
  { selector: ({ path }) => path, minLength: 1 },
);
const sorted = <File extends { path: string }>(files: readonly File[]): File[] =>
  [...files].sort((a, b) => (a.path < b.path ? -1 : 1));

describe('files that are made these', () => {
  it('are these, whatever they were, and are what they were after an undo', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const doc = documentOf(before);
        const applied = applyTree(doc, after, { removeOthers: true });
        expect(readTree(doc)).toEqual(sorted(after));
        applied.undo();
        expect(readTree(doc)).toEqual(sorted(before));
      }),
    );
  });

  it('leave others alone where those may stay', () => {
    const doc = documentOf([
      { path: 'a.go', content: 'a\n' },
      { path: 'b.go', content: 'b\n' },
    ]);
    expect(applyTree(doc, [{ path: 'a.go', content: 'A\n' }], { removeOthers: false }).files).toBe(1);
    expect(readTree(doc)).toEqual([
      { path: 'a.go', content: 'A\n' },
      { path: 'b.go', content: 'b\n' },
    ]);
  });

  it('leave a caret at its letter where nothing differs', () => {
    const doc = documentOf([{ path: 'a.go', content: 'one\ntwo\nthree\n' }]);
    const text = textOf(doc, 'a.go');
    const caret = Y.createRelativePositionFromTypeIndex(text, 'one\ntwo\nth'.length);
    applyTree(doc, [{ path: 'a.go', content: 'ONE\nand more\ntwo\nthree\nend\n' }], { removeOthers: true });
    const at = Y.createAbsolutePositionFromRelativePosition(caret, doc)?.index ?? 0;
    expect(text.toString().slice(at)).toBe('ree\nend\n');
  });

  it('know a file again that was renamed meanwhile', () => {
    const doc = documentOf([{ path: 'a.go', content: 'a\n' }]);
    const [file] = listFiles(doc);
    renameFile(doc, file?.id ?? '', 'z.go');
    applyTree(doc, [{ id: file?.id ?? '', path: 'a.go', content: 'a\n' }], { removeOthers: true });
    expect(listFiles(doc)).toMatchObject([{ id: file?.id, path: 'a.go' }]);
  });

  it('come back with the text that others wrote since', () => {
    const doc = documentOf([{ path: 'a.go', content: 'one\ntwo\n' }]);
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const applied = applyTree(doc, [{ path: 'a.go', content: 'one\n' }], { removeOthers: true });
    textOf(other, 'a.go').insert(0, '// theirs\n');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    applied.undo();
    expect(textOf(doc, 'a.go').toString()).toBe('// theirs\none\ntwo\n');
  });

  it('are one step of the undo of a file, apart from what was typed just before and after', () => {
    const doc = documentOf([{ path: 'a.go', content: '' }]);
    createFile(doc, 'other.go', 'x\n');
    const text = textOf(doc, 'a.go');
    const undo = undoOf(text);
    const type = (what: string): void => doc.transact(() => text.insert(text.length, what), TYPED_ORIGIN);
    type('typed\n');
    applyTree(doc, [{ path: 'a.go', content: 'restored\n' }], { removeOthers: true });
    type('more\n');
    undo.undo();
    expect(text.toString()).toBe('restored\n');
    undo.undo();
    expect(text.toString()).toBe('typed\n');
    undo.undo();
    expect(text.toString()).toBe('');
  });
});
