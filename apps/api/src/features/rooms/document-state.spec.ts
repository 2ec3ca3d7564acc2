import { listFiles, readUpdateFacts, templateUpdate } from '@lineage/collab';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DocumentState } from './document-state.ts';

const template = templateUpdate([{ path: 'main.go', content: 'package main\n' }], 1);

function documentOf(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of [template, ...updates]) Y.applyUpdate(doc, update);
  return doc;
}

const textOf = (doc: Y.Doc): string | undefined => listFiles(doc)[0]?.text.toString();

/** What somebody sends who types so many letters at the end. */
function typed(letters: number): Uint8Array[] {
  const doc = documentOf();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = listFiles(doc)[0]?.text;
  for (let i = 0; i < letters; i++) text?.insert(text.length, 'x');
  return updates;
}

function commit(state: DocumentState, update: Uint8Array): void {
  const facts = readUpdateFacts(update);
  expect(state.hasGap(facts)).toBe(false);
  state.enqueue(update, facts);
  state.commit(facts);
}

describe('the state of a document', () => {
  it('has every durable edit whenever somebody looks, however few there are', () => {
    const updates = typed(40);
    for (const looksEvery of [1, 3, 40]) {
      const state = new DocumentState(documentOf(), () => undefined);
      for (const [nth, update] of updates.entries()) {
        commit(state, update);
        if (nth % looksEvery === 0) expect(textOf(state.doc)).toBe(`package main\n${'x'.repeat(nth + 1)}`);
      }
      expect(textOf(state.doc)).toBe(textOf(documentOf(...updates)));
    }
  });

  it('applies the edits of a typist together', () => {
    const doc = documentOf();
    const state = new DocumentState(doc, () => undefined);
    let transactions = 0;
    doc.on('afterTransaction', () => (transactions += 1));
    for (const update of typed(160)) commit(state, update);
    expect(transactions).toBeGreaterThan(17);
    expect(transactions).toBeLessThan(23);
  });

  it('knows what it has whether or not it was applied', () => {
    const state = new DocumentState(documentOf(), () => undefined);
    const doc = documentOf();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const text = listFiles(doc)[0]?.text;
    text?.insert(0, 'ab');
    text?.delete(0, 1);
    const [inserted, deleted] = updates.map((update) => readUpdateFacts(update));
    if (inserted === undefined || deleted === undefined) throw new Error('two edits');
    expect([state.isKnown(inserted), state.isKnown(deleted)]).toEqual([false, false]);
    commit(state, updates[0] ?? new Uint8Array());
    expect([state.isKnown(inserted), state.isKnown(deleted)]).toEqual([true, false]);
    commit(state, updates[1] ?? new Uint8Array());
    expect([state.isKnown(inserted), state.isKnown(deleted)]).toEqual([true, true]);
  });

  it('finds what an edit builds on among the edits on their way, and in the edit itself', () => {
    const updates = typed(3).map((update) => ({ update, facts: readUpdateFacts(update) }));
    const [one, two, three] = updates;
    if (one === undefined || two === undefined || three === undefined) throw new Error('three edits');
    const state = new DocumentState(documentOf(), () => undefined);
    expect([one, two, three].map(({ facts }) => state.hasGap(facts))).toEqual([false, true, true]);
    const both = readUpdateFacts(Y.mergeUpdates([one.update, two.update]));
    expect(state.hasGap(both)).toBe(false);
    state.enqueue(one.update, one.facts);
    expect([one, two, three].map(({ facts }) => state.hasGap(facts))).toEqual([false, false, true]);
    const elsewhere = { ...two.facts, needs: [{ client: 99, clock: 0 }] };
    expect(state.hasGap(elsewhere)).toBe(true);
    expect(state.hasGap({ ...two.facts, structs: [], deletes: two.facts.structs })).toBe(true);
  });

  it('says that it is broken when it cannot take an edit that is in the log', () => {
    let broken = 0;
    const state = new DocumentState(documentOf(), () => (broken += 1));
    const [update = new Uint8Array()] = typed(1);
    const facts = readUpdateFacts(update);
    state.enqueue(update.subarray(0, 5), facts);
    expect(() => {
      state.commit(facts);
      return state.doc;
    }).toThrow();
    expect(broken).toBe(1);
  });
});
