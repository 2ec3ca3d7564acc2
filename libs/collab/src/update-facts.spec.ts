import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { FrameError } from './frame-error.ts';
import { templateUpdate } from './template.ts';
import { readStateVector, readUpdateFacts } from './update-facts.ts';
import { createFile, deleteFile, listFiles, renameFile } from './workspace-document.ts';

function docWith(content: string): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, templateUpdate([{ path: 'main.go', content }], 1));
  return doc;
}

/** The update that `edit` makes. */
function updateOf(doc: Y.Doc, edit: () => void): Uint8Array {
  const updates: Uint8Array[] = [];
  const hear = (update: Uint8Array): number => updates.push(update);
  doc.on('update', hear);
  doc.transact(edit);
  doc.off('update', hear);
  return Y.mergeUpdates(updates);
}

function onlyFrameErrors(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
  }
}

describe('readUpdateFacts', () => {
  it('reads typing as text alone, by its author, after what it stands beside', () => {
    const doc = docWith('package main\n');
    const facts = readUpdateFacts(updateOf(doc, () => listFiles(doc)[0]?.text.insert(3, 'héé')));
    expect(facts).toMatchObject({ onlyText: true, insertedUnits: 3, deletes: [] });
    expect(facts.structs).toEqual([{ client: doc.clientID, clock: 0, length: 3 }]);
    expect(facts.needs.map(({ client }) => client)).toContain(1);
  });

  it('reads deletion as ranges, without a struct', () => {
    const doc = docWith('package main\n');
    const facts = readUpdateFacts(updateOf(doc, () => listFiles(doc)[0]?.text.delete(0, 7)));
    expect(facts.structs).toEqual([]);
    expect(facts.deletes.reduce((sum, { length }) => sum + length, 0)).toBe(7);
  });

  it('tells a change of the tree from typing', () => {
    const doc = docWith('x');
    expect(readUpdateFacts(updateOf(doc, () => createFile(doc, 'b.go', 'y'))).onlyText).toBe(false);
    const id = listFiles(doc)[0]?.id ?? '';
    expect(readUpdateFacts(updateOf(doc, () => renameFile(doc, id, 'c.go'))).onlyText).toBe(false);
    expect(readUpdateFacts(updateOf(doc, () => deleteFile(doc, id))).deletes.length).toBeGreaterThan(0);
  });

  const foreign: [string, (doc: Y.Doc) => void][] = [
    ['another root', (doc) => doc.getText('notes').insert(0, 'x')],
    ['an array', (doc) => doc.getMap('files').set('a', new Y.Array())],
    ['a number', (doc) => doc.getMap('files').set('a', 1)],
    ['bytes', (doc) => doc.getMap('files').set('a', Uint8Array.of(1))],
    ['XML', (doc) => doc.getMap('files').set('a', new Y.XmlText())],
    ['a document in the document', (doc) => doc.getMap('files').set('a', new Y.Doc())],
    ['formatting', (doc) => listFiles(doc)[0]?.text.format(0, 1, { bold: true })],
  ];
  it.each(foreign)('refuses %s', (_name, edit) => {
    const doc = docWith('text');
    expect(() => readUpdateFacts(updateOf(doc, () => edit(doc)))).toThrow(FrameError);
  });

  it('refuses an update with a gap', () => {
    const doc = docWith('text');
    const text = listFiles(doc)[0]?.text;
    const [first, , third] = ['a', 'b', 'c'].map((letter) => updateOf(doc, () => text?.insert(0, letter)));
    const gap = Y.mergeUpdates([first ?? new Uint8Array(), third ?? new Uint8Array()]);
    expect(() => readUpdateFacts(gap)).toThrow(FrameError);
  });

  it('throws FrameError and nothing else, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) =>
        onlyFrameErrors(() => readUpdateFacts(bytes)),
      ),
      { numRuns: 1_000 },
    );
  });

  it('throws FrameError and nothing else when a real update is damaged', () => {
    const doc = docWith('package main\n');
    createFile(doc, 'b.go', 'text');
    const whole = Y.encodeStateAsUpdate(doc);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = value;
        onlyFrameErrors(() => readUpdateFacts(damaged));
        onlyFrameErrors(() => readUpdateFacts(whole.subarray(0, at)));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('readStateVector', () => {
  it('throws FrameError and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        onlyFrameErrors(() => readStateVector(bytes)),
      ),
    );
  });
});
