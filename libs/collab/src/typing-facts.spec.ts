import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readDecodedFacts } from './decoded-facts.ts';
import { FrameError } from './frame-error.ts';
import { templateUpdate } from './template.ts';
import { readTypingFacts } from './typing-facts.ts';
import type { UpdateFacts } from './update-facts.ts';
import { createFile, listFiles, renameFile } from './workspace-document.ts';

type Edit = { readonly at: number; readonly remove: number; readonly insert: string };

/** What a person does in one step: letters, a paste, another script, a selection that goes, nothing. */
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  remove: fc.nat(6),
  insert: fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.string({ maxLength: 20, unit: 'grapheme' }),
    fc.constant('注'),
    fc.constant('x'.repeat(300)),
    fc.constant(''),
  ),
});

/** A document of two authors, and each update that they made. */
function updatesOf(edits: readonly Edit[]): Uint8Array[] {
  const docs = [new Y.Doc(), new Y.Doc()];
  const updates: Uint8Array[] = [];
  const base = templateUpdate([{ path: 'main.go', content: 'package main\n' }], 1);
  for (const doc of docs) Y.applyUpdate(doc, base);
  for (const [nth, doc] of docs.entries()) {
    const other = docs[1 - nth];
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      updates.push(update);
      if (origin !== 'other' && other !== undefined) Y.applyUpdate(other, update, 'other');
    });
  }
  for (const [nth, { at, remove, insert }] of edits.entries()) {
    const doc = docs[nth % 3 === 0 ? 1 : 0];
    const text = doc === undefined ? undefined : listFiles(doc)[0]?.text;
    if (doc === undefined || text === undefined) continue;
    const from = text.length === 0 ? 0 : at % text.length;
    doc.transact(() => {
      text.delete(from, Math.min(remove, text.length - from));
      text.insert(from, insert);
    });
  }
  return updates;
}

/** Reads as any update is read; null where it is refused. */
function decoded(update: Uint8Array): UpdateFacts | null {
  try {
    return readDecodedFacts(update);
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
    return null;
  }
}

/** What is read at once is what Yjs decodes; who is not read at once is left to it. True when it was read. */
function agree(update: Uint8Array): boolean {
  const facts = readTypingFacts(update);
  if (facts !== null) expect(facts).toEqual(decoded(update));
  return facts !== null;
}

function lastUpdate(doc: Y.Doc, change: () => void): Uint8Array {
  let last: Uint8Array = new Uint8Array();
  const hear = (update: Uint8Array): void => void (last = update);
  doc.on('update', hear);
  doc.transact(change);
  doc.off('update', hear);
  return last;
}

describe('readTypingFacts', () => {
  it('reads letters, a deletion and a replaced selection as Yjs does', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, templateUpdate([{ path: 'main.go', content: 'package main\n' }], 1));
    const text = listFiles(doc)[0]?.text;
    const changes = [
      () => text?.insert(text.length, 'x'),
      () => text?.insert(0, 'letters '),
      () => text?.insert(3, 'y'),
      () => text?.delete(4, 2),
      () => {
        text?.delete(2, 3);
        text?.insert(2, 'z');
      },
    ];
    for (const change of changes) expect(agree(lastUpdate(doc, change))).toBe(true);
  });

  it('never says otherwise than Yjs of what people do', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        for (const update of updatesOf(edits)) if (agree(update)) read += 1;
      }),
      { numRuns: 150 },
    );
    expect(read).toBeGreaterThan(500);
  });

  it('never says otherwise than Yjs of an update that is damaged, cut or goes on after its end', () => {
    fc.assert(
      fc.property(
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { minLength: 1, maxLength: 3 }),
        fc.uint8Array({ minLength: 1, maxLength: 3 }),
        (edits, damages, rest) => {
          for (const update of updatesOf(edits)) {
            const damaged = Uint8Array.from(update);
            for (const { at, value } of damages) damaged[at % damaged.length] = value;
            agree(damaged);
            agree(update.subarray(0, (damages[0]?.at ?? 0) % update.length));
            expect(agree(Uint8Array.of(...update, ...rest))).toBe(false);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never says otherwise than Yjs of bytes that look like typing', () => {
    const number = fc.oneof(
      fc.nat(127).map((n) => [n]),
      fc.tuple(fc.integer({ min: 128, max: 255 }), fc.nat(127)),
      fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 128, max: 255 })), fc.nat(255)),
      fc.constant([0x80, 0x00]),
      fc.constant([0xff, 0xff, 0xff, 0xff, 0x07]),
      fc.constant([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    );
    const info = fc.oneof(fc.constantFrom(0x84, 0x44, 0xc4, 0x04, 0xa4, 0x81, 0x80, 0x0a), fc.nat(255));
    const few = fc.nat(2).map((n) => [n]);
    const item = fc.tuple(number, number, info, number, number, number, number);
    const text = fc.uint8Array({ maxLength: 4 }).map((bytes) => [bytes.length, ...bytes]);
    const range = fc.tuple(number, few, number, number);
    fc.assert(
      fc.property(few, few, item, text, few, range, (authors, structs, parts, letters, deleters, deleted) => {
        const flat = [authors, structs, ...parts.map((one) => [one].flat()), letters, deleters, ...deleted];
        agree(Uint8Array.from(flat.flat()));
        agree(Uint8Array.from([deleters, ...deleted].flat()));
        agree(Uint8Array.from([[0], deleters, ...deleted].flat()));
      }),
      { numRuns: 3_000 },
    );
  });

  it('leaves the tree, other scripts and whole documents to Yjs', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, templateUpdate([{ path: 'main.go', content: 'package main\n' }], 1));
    const id = listFiles(doc)[0]?.id ?? '';
    const changes = [
      () => createFile(doc, 'b.go', 'text'),
      () => renameFile(doc, id, 'c.go'),
      () => listFiles(doc)[0]?.text.insert(0, '注'),
      () => doc.getText('notes').insert(0, 'x'),
    ];
    for (const change of changes) expect(readTypingFacts(lastUpdate(doc, change))).toBeNull();
    expect(readTypingFacts(Y.encodeStateAsUpdate(doc))).toBeNull();
  });
});
