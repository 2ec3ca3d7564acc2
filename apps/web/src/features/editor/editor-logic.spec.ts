import { createFile, freeControl, listFiles, type SessionState } from '@lineage/collab';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { undoOf } from './codemirror/own-undo.ts';
import { TYPED_ORIGIN } from './codemirror/text-binding.ts';
import { reconnectDelay } from './room/backoff.ts';
import { newPathProblem } from './state/new-path.ts';
import { saveStateOf, SLOW_MS } from './state/save-state.ts';
import { fileNamed, neighbour, shownFile } from './state/shown-file.ts';
import { textOfFiles } from './state/text-of-files.ts';

const session: SessionState = {
  connected: true,
  synced: true,
  saved: true,
  unsavedSince: null,
  storageOk: true,
  role: 'driver',
  epoch: 1,
  connectionId: 'c',
  lastFrame: 1,
  control: freeControl,
};
const now = 1_000_000;
const stateOf = (change: Partial<SessionState>, room: { retryAt?: number; stopped?: number } = {}) =>
  saveStateOf(
    {
      session: { ...session, ...change },
      retryAt: room.retryAt ?? null,
      stopped: room.stopped ?? null,
      lost: null,
    },
    now,
  );

describe('saveStateOf', () => {
  it('says saved to who may write, and read-only to who may not', () => {
    expect(stateOf({}).kind).toBe('saved');
    expect(stateOf({ role: 'lead' }).kind).toBe('saved');
    expect(stateOf({ role: 'observer' }).kind).toBe('readOnly');
    expect(stateOf({ role: null }).kind).toBe('readOnly');
  });

  it('never says saved while an edit is not acknowledged', () => {
    const unsaved = { saved: false, unsavedSince: now - 10 };
    expect(stateOf(unsaved).kind).toBe('saving');
    expect(stateOf({ ...unsaved, connected: false })).toMatchObject({ kind: 'notSaved', why: 'offline' });
    expect(stateOf({ ...unsaved, storageOk: false })).toMatchObject({ kind: 'notSaved', why: 'storage' });
    expect(stateOf(unsaved, { stopped: 4401 })).toMatchObject({ kind: 'notSaved', why: 'stopped' });
    expect(stateOf({ saved: false, unsavedSince: now - SLOW_MS })).toMatchObject({
      kind: 'notSaved',
      why: 'slow',
      since: now - SLOW_MS,
    });
  });

  it('counts down to the next attempt', () => {
    expect(stateOf({ connected: false }, { retryAt: now + 2_500 })).toEqual({
      kind: 'reconnecting',
      inSeconds: 3,
    });
    expect(stateOf({ connected: false }, { retryAt: now - 50 })).toEqual({
      kind: 'reconnecting',
      inSeconds: 0,
    });
    expect(stateOf({ connected: false, epoch: null }).kind).toBe('connecting');
    expect(stateOf({ synced: false }).kind).toBe('connecting');
    expect(stateOf({}, { stopped: 4404 }).kind).toBe('stopped');
  });

  it('puts text that was lost before all else', () => {
    const lost = { why: 'epoch', files: [] } as const;
    expect(saveStateOf({ session, retryAt: null, stopped: null, lost }, now)).toMatchObject({ why: 'lost' });
  });
});

describe('newPathProblem', () => {
  const files = [
    { id: 'a', path: 'main.go' },
    { id: 'b', path: 'ring/ring.go' },
  ];

  it('takes a path that is free and may be', () => {
    expect(newPathProblem('ring/ring_test.go', files, null)).toBeNull();
  });

  it('refuses what stands there, whatever its case, and folders as files', () => {
    expect(newPathProblem('MAIN.go', files, null)).toBe('taken');
    expect(newPathProblem('ring', files, null)).toBe('taken');
    expect(newPathProblem('main.go/x.go', files, null)).toBe('taken');
    expect(newPathProblem('../x.go', files, null)).toBe('dot_segment');
  });

  it('lets a file keep or change the case of its own name', () => {
    expect(newPathProblem('Main.go', files, 'a')).toBeNull();
  });

  it('stops at the limit of files', () => {
    const many = Array.from({ length: 64 }, (_, i) => ({ id: `${i}`, path: `f${i}.go` }));
    expect(newPathProblem('one-more.go', many, null)).toBe('too_many');
    expect(newPathProblem('renamed.go', many, '3')).toBeNull();
  });
});

describe('the file in front', () => {
  const files = ['a_test.go', 'go.mod', 'main.go', 'ring/ring.go'].map((path) => ({ id: path, path }));

  it('is the chosen one while it exists, else where the program begins', () => {
    expect(shownFile(files, 'go.mod')?.path).toBe('go.mod');
    expect(shownFile(files, 'deleted')?.path).toBe('main.go');
    expect(shownFile(files.slice(0, 2), null)?.path).toBe('a_test.go');
    expect(shownFile([], null)).toBeNull();
  });

  it('is found by what a compiler or a stack calls it', () => {
    expect(fileNamed(files, './main.go')?.path).toBe('main.go');
    expect(fileNamed(files, '/build/module/ring/ring.go')?.path).toBe('ring/ring.go');
    expect(fileNamed(files, 'ring.go')?.path).toBe('ring/ring.go');
    expect(fileNamed(files, 'other.go')).toBeNull();
  });

  it('has neighbours around the ends', () => {
    expect(neighbour(files, 'ring/ring.go', 1)?.path).toBe('a_test.go');
    expect(neighbour(files, 'a_test.go', -1)?.path).toBe('ring/ring.go');
  });
});

describe('undo', () => {
  it("takes back one's own typing and leaves everybody else's", () => {
    const doc = new Y.Doc();
    doc.transact(() => createFile(doc, 'main.go', 'package main\n'));
    const text = listFiles(doc)[0]?.text ?? new Y.Text();
    const undo = undoOf(text);
    doc.transact(() => text.insert(0, 'mine '), TYPED_ORIGIN);
    doc.transact(() => text.insert(text.length, 'theirs'), 'another origin');
    undo.undo();
    expect(text.toString()).toBe('package main\ntheirs');
    undo.redo();
    expect(text.toString()).toBe('mine package main\ntheirs');
    expect(undoOf(text)).toBe(undo);
  });
});

describe('reconnectDelay', () => {
  it('spreads clients between now and a bound that grows to eight seconds', () => {
    expect(reconnectDelay(0, () => 1)).toBe(250);
    expect(reconnectDelay(3, () => 1)).toBe(2_000);
    expect(reconnectDelay(50, () => 1)).toBe(8_000);
    expect(reconnectDelay(50, () => 0)).toBe(0);
  });
});

describe('textOfFiles', () => {
  it('puts each file under its path', () => {
    expect(
      textOfFiles([
        { path: 'a.go', content: 'x' },
        { path: 'b.go', content: 'y\n' },
      ]),
    ).toBe('// a.go\nx\n\n// b.go\ny\n');
  });
});
