import { decodeFrame } from '@lineage/collab';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { EncodedDocument } from './encoded-document.ts';

const nothing = Y.encodeStateVector(new Y.Doc());

it('gives everybody who comes between two edits the same bytes, and after an edit the new text', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'one');
  const encoded = new EncodedDocument(() => doc);
  const first = encoded.answer(nothing);
  expect(encoded.answer(Uint8Array.from(nothing))).toBe(first);
  expect(encoded.question()).toBe(encoded.question());

  doc.getText('text').insert(3, ' two');
  encoded.changed();
  expect(textOf(encoded.answer(nothing), new Y.Doc())).toBe('one two');
  const asked = decodeFrame(encoded.question());
  expect(asked).toEqual({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) });
});

it('gives each what it lacks, however many different states come', () => {
  const doc = new Y.Doc();
  const encoded = new EncodedDocument(() => doc);
  const clients = Array.from({ length: 5 }, (_, nth) => {
    doc.getText('text').insert(doc.getText('text').length, String(nth));
    const client = new Y.Doc();
    Y.applyUpdate(client, Y.encodeStateAsUpdate(doc));
    return client;
  });
  doc.getText('text').insert(0, 'all ');
  encoded.changed();
  for (const client of [...clients, ...clients])
    expect(textOf(encoded.answer(Y.encodeStateVector(client)), client)).toBe('all 01234');
});

it('keeps an answer when the frame that asked is written over', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'text');
  const encoded = new EncodedDocument(() => doc);
  const asked = Y.encodeStateVector(doc);
  encoded.answer(asked);
  asked.set(nothing);
  expect(textOf(encoded.answer(nothing), new Y.Doc())).toBe('text');
});

function textOf(frame: Uint8Array, client: Y.Doc): string {
  const answer = decodeFrame(frame);
  if (answer?.type !== 'sync-step-2') throw new Error('no answer');
  Y.applyUpdate(client, answer.update);
  return client.getText('text').toString();
}
