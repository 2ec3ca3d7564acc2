import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { isOfAnotherEpoch, MAX_EPOCH, templateClientId, templateUpdate } from './template.ts';
import { readStateVector } from './update-facts.ts';
import { readTree } from './workspace-document.ts';

const files = [
  { path: 'main.go', content: 'package main\r\n' },
  { path: 'go.mod', content: 'module ring\n' },
];

describe('a template', () => {
  it('is the same bytes whenever and in whatever order it is made', () => {
    expect(templateUpdate(files.toReversed(), 3)).toEqual(templateUpdate(files, 3));
  });

  it('applied twice is one tree, with plain line ends', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, templateUpdate(files, 1));
    Y.applyUpdate(doc, templateUpdate(files, 1));
    expect(readTree(doc)).toEqual([
      { path: 'go.mod', content: 'module ring\n' },
      { path: 'main.go', content: 'package main\n' },
    ]);
  });

  it('tells its epoch by its author', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, templateUpdate(files, 2));
    const clients = [...readStateVector(Y.encodeStateVector(doc)).keys()];
    expect(clients).toEqual([templateClientId(2)]);
    expect(isOfAnotherEpoch(clients, 2)).toBe(false);
    expect(isOfAnotherEpoch(clients, 3)).toBe(true);
    expect(isOfAnotherEpoch([MAX_EPOCH + 1, 4_000_000_000], 3)).toBe(false);
  });

  it.each([0, -1, 1.5, MAX_EPOCH + 1])('has no epoch %s', (epoch) => {
    expect(() => templateUpdate(files, epoch)).toThrow(RangeError);
  });
});
