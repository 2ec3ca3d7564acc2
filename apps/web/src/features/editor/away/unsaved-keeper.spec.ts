import { createFile, encodeFrame, type Frame, listFiles, RoomSession, type TreeFile } from '@lineage/collab';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { UnsavedKeeper } from './unsaved-keeper.ts';
import type { UnsavedCopy, UnsavedStore } from './unsaved-store.ts';

const owner = { workspaceId: 'w', accountId: 'a' };

/** A browser's database that lasts as long as the test. */
function memory(): UnsavedStore & { copies: Map<string, UnsavedCopy> } {
  const copies = new Map<string, UnsavedCopy>();
  return {
    copies,
    put: async (copy) => void copies.set(copy.key, structuredClone(copy)),
    list: async () => [...copies.values()],
    remove: async (keys) => keys.forEach((key) => copies.delete(key)),
  };
}

/** A page of the room on a server that holds `server`; what it sends waits in `sent` until `deliver`. */
class Page {
  readonly session: RoomSession;
  readonly lost: (readonly TreeFile[])[] = [];
  isOffering = false;
  readonly keeper: UnsavedKeeper;
  readonly #server: Y.Doc;
  #sent: Uint8Array[] = [];

  constructor(server: Y.Doc, store: UnsavedStore, epoch = 1) {
    this.#server = server;
    this.keeper = new UnsavedKeeper(store, owner, (files) => {
      if (this.isOffering) return false;
      this.isOffering = true;
      this.lost.push(files);
      return true;
    });
    this.session = new RoomSession(new Y.Doc(), {
      changed: () => this.keeper?.look(),
      refused: () => undefined,
      epochChanged: () => undefined,
    });
    this.keeper.watch(this.session);
    this.session.opened((bytes) => this.#sent.push(bytes));
    const hello = { protocolVersion: 1, epoch, role: 'driver', connectionId: 'c', fence: 1 };
    this.#tell({ type: 'hello', hello });
    this.#tell({ type: 'sync-step-1', stateVector: Y.encodeStateVector(server) });
    this.#tell({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(server) });
  }

  type(what: string): void {
    listFiles(this.session.doc)[0]?.text.insert(0, what);
  }

  /** Everything arrives, is stored and acknowledged. */
  deliver(): void {
    Y.applyUpdate(this.#server, Y.encodeStateAsUpdate(this.session.doc));
    this.#sent = [];
    this.#tell({ type: 'ack', n: this.session.state.lastFrame });
  }

  /** The person is done with what is offered. */
  dismiss(): void {
    this.isOffering = false;
    this.keeper.dismissLost();
  }

  #tell(frame: Frame): void {
    this.session.receive(encodeFrame(frame));
  }
}

function workspace(content: string): Y.Doc {
  const doc = new Y.Doc();
  createFile(doc, 'main.go', content, '0-00');
  return doc;
}
const textOf = (doc: Y.Doc): string => listFiles(doc)[0]?.text.toString() ?? '';

describe('edits that are not saved', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = (): Promise<unknown> => vi.runAllTimersAsync();

  it('are not written anywhere while the server keeps up', async () => {
    const store = memory();
    const page = new Page(workspace('package main\n'), store);
    page.deliver();
    await settle();
    page.type('// saved at once\n');
    page.deliver();
    await settle();
    expect(store.copies.size).toBe(0);
  });

  it('come back in the next page, and go as soon as they are saved', async () => {
    const store = memory();
    const server = workspace('package main\n');
    const first = new Page(server, store);
    first.deliver();
    await settle();
    first.type('// never sent\n');
    await settle();
    expect(store.copies.size).toBe(1);
    first.keeper.end();
    listFiles(server)[0]?.text.insert(0, '// of another\n');

    const second = new Page(server, store);
    await settle();
    expect(second.session.state.saved).toBe(false);
    second.deliver();
    await settle();
    expect(textOf(server).split('\n').toSorted()).toEqual(
      ['', '// never sent', '// of another', 'package main'].toSorted(),
    );
    expect(store.copies.size).toBe(0);
    expect(second.lost).toEqual([]);
  });

  it('are there once, also when the server had them and could not say so', async () => {
    const store = memory();
    const server = workspace('package main\n');
    const first = new Page(server, store);
    first.deliver();
    await settle();
    first.type('// once\n');
    await settle();
    Y.applyUpdate(server, Y.encodeStateAsUpdate(first.session.doc));
    const second = new Page(server, store);
    second.deliver();
    await settle();
    expect(textOf(server)).toBe('// once\npackage main\n');
    expect(store.copies.size).toBe(0);
  });

  it('of before a reset are offered and not mixed in, until the person is done with them', async () => {
    const store = memory();
    const first = new Page(workspace('old\n'), store);
    first.deliver();
    await settle();
    first.type('// mine\n');
    await settle();
    const server = workspace('new\n');
    const second = new Page(server, store, 2);
    second.deliver();
    await settle();
    expect(second.lost).toEqual([[{ path: 'main.go', content: '// mine\nold\n' }]]);
    expect(textOf(server)).toBe('new\n');
    expect(store.copies.size).toBe(1);
    second.dismiss();
    await settle();
    expect(store.copies.size).toBe(0);
  });

  it('of several pages are offered one after the other', async () => {
    const store = memory();
    for (const what of ['// one\n', '// two\n']) {
      const page = new Page(workspace('old\n'), store);
      page.deliver();
      await settle();
      page.type(what);
      await settle();
      page.keeper.end();
      // What the next page of the same epoch would bring back is put aside.
      for (const [key, copy] of store.copies) store.copies.set(key, { ...copy, epoch: 0 });
    }
    const page = new Page(workspace('new\n'), store);
    page.deliver();
    await settle();
    const offered = (): string[] => page.lost.map(([file]) => file?.content ?? '');
    expect(offered()).toEqual(['// one\nold\n']);
    page.dismiss();
    await settle();
    expect(offered()).toEqual(['// one\nold\n', '// two\nold\n']);
    expect(store.copies.size).toBe(1);
    page.dismiss();
    await settle();
    expect(store.copies.size).toBe(0);
  });

  it('are kept too when they were made before the keeper came', async () => {
    const store = memory();
    const server = workspace('package main\n');
    const page = new Page(server, store);
    page.keeper.end();
    page.deliver();
    page.type('// early\n');
    const late = new UnsavedKeeper(store, owner, () => false);
    late.watch(page.session);
    await settle();
    expect(store.copies.size).toBe(1);
    late.end();
    const next = new Page(server, store);
    await settle();
    next.deliver();
    expect(textOf(server)).toBe('// early\npackage main\n');
  });

  it('that were refused are not brought back again and again', async () => {
    const store = memory();
    const server = workspace('package main\n');
    const page = new Page(server, store);
    page.deliver();
    await settle();
    page.type('// refused\n');
    await settle();
    const fresh = new RoomSession(new Y.Doc(), {
      changed: () => undefined,
      refused: () => undefined,
      epochChanged: () => undefined,
    });
    page.keeper.watch(fresh);
    fresh.opened(() => undefined);
    const hello = { protocolVersion: 1, epoch: 1, role: 'navigator', connectionId: 'c', fence: 1 };
    for (const frame of [
      { type: 'hello', hello },
      { type: 'sync-step-2', update: Y.encodeStateAsUpdate(server) },
    ] as const)
      fresh.receive(encodeFrame(frame));
    page.keeper.look();
    await settle();
    expect(textOf(fresh.doc)).toBe('package main\n');
    expect(page.lost).toEqual([]);
    page.dismiss();
    await settle();
    expect(store.copies.size).toBe(0);
  });
});
