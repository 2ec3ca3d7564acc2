import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { FrameError } from './frame-error.ts';
import { decodeFrame, encodeFrame, type Frame, type NackReason } from './frames.ts';
import { MAX_DOCUMENT_BYTES, MAX_FRAME_BYTES } from './limits.ts';
import { freeControl } from './room-control.ts';
import { RoomSession } from './room-session.ts';
import { templateUpdate } from './template.ts';
import { listFiles, readTree } from './workspace-document.ts';

/** The other end of the wire: a document that takes what comes and acknowledges when it is told to. */
class Server {
  readonly doc = new Y.Doc();
  readonly events: string[] = [];
  readonly session: RoomSession;
  received: Frame[] = [];

  constructor() {
    Y.applyUpdate(this.doc, templateUpdate([{ path: 'main.go', content: 'package main\n' }], 1));
    this.session = new RoomSession(new Y.Doc(), {
      changed: () => undefined,
      refused: (reason) => this.events.push(`refused ${reason}`),
      epochChanged: (epoch) => this.events.push(`epoch ${epoch}`),
      caughtUp: (before, after) =>
        this.events.push(`caught up ${JSON.stringify([before, after].map((tree) => tree[0]?.content))}`),
    });
  }

  connect(epoch = 1): void {
    this.received = [];
    this.session.opened((bytes) => this.#take(bytes));
    this.send({
      type: 'hello',
      hello: { protocolVersion: 1, epoch, role: 'driver', connectionId: 'c1', fence: 1 },
    });
    this.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) });
  }

  send(frame: Frame): void {
    this.session.receive(encodeFrame(frame));
  }

  ack(n: number): void {
    this.send({ type: 'ack', n });
  }

  nack(n: number, reason: NackReason): void {
    this.send({ type: 'nack', n, reason });
  }

  get content(): Frame[] {
    return this.received.filter(({ type }) => type === 'update' || type === 'sync-step-2');
  }

  type(text: string): void {
    listFiles(this.session.doc)[0]?.text.insert(0, text);
  }

  #take(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    if (frame === null) return;
    this.received.push(frame);
    if (frame.type === 'sync-step-1')
      this.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, frame.stateVector) });
    if (frame.type === 'update' || frame.type === 'sync-step-2') Y.applyUpdate(this.doc, frame.update);
  }
}

function joined(): Server {
  const server = new Server();
  server.connect();
  return server;
}

describe('a room session', () => {
  it('is whole and saved after the handshake', () => {
    const server = joined();
    expect(server.session.state).toMatchObject({
      connected: true,
      synced: true,
      saved: true,
      role: 'driver',
      connectionId: 'c1',
    });
    expect(readTree(server.session.doc)).toEqual(readTree(server.doc));
  });

  it('says saved only when the last frame is acknowledged', () => {
    const server = joined();
    server.type('a');
    server.type('b');
    const { lastFrame } = server.session.state;
    expect(lastFrame).toBe(server.content.length);
    expect(server.session.state.saved).toBe(false);
    server.ack(lastFrame - 1);
    expect(server.session.state.saved).toBe(false);
    expect(server.session.state.unsavedSince).not.toBeNull();
    server.ack(lastFrame);
    expect(server.session.state).toMatchObject({ saved: true, unsavedSince: null });
  });

  it('takes an acknowledgement once, and one of frames never sent for none', () => {
    const server = joined();
    server.ack(1);
    server.type('a');
    server.ack(1);
    expect(server.session.state.saved).toBe(false);
  });

  it('sends what was typed while away, and says saved when that is acknowledged', () => {
    const server = joined();
    server.type('sent, not acknowledged ');
    server.session.closed();
    server.type('typed while away ');
    server.ack(99);
    expect(server.session.state).toMatchObject({
      connected: false,
      saved: false,
      lastFrame: 0,
      connectionId: null,
    });
    server.connect();
    expect(server.content).toHaveLength(1);
    expect(readTree(server.doc)[0]?.content).toBe('typed while away sent, not acknowledged package main\n');
    expect(server.session.state.saved).toBe(false);
    server.ack(1);
    expect(server.session.state.saved).toBe(true);
  });

  it('sends again what the server lost before it was durable', () => {
    const server = joined();
    server.type('kept ');
    server.session.closed();
    const restarted = new Y.Doc();
    Y.applyUpdate(restarted, templateUpdate([{ path: 'main.go', content: 'package main\n' }], 1));
    const frames: Frame[] = [];
    server.session.opened((bytes) => {
      const frame = decodeFrame(bytes);
      if (frame !== null) frames.push(frame);
    });
    server.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(restarted) });
    for (const frame of frames) if (frame.type === 'sync-step-2') Y.applyUpdate(restarted, frame.update);
    expect(readTree(restarted)[0]?.content).toBe('kept package main\n');
  });

  it('takes what others type without counting it as an edit', () => {
    const server = joined();
    const before = Y.encodeStateVector(server.doc);
    listFiles(server.doc)[0]?.text.insert(0, 'theirs ');
    server.send({ type: 'update', update: Y.encodeStateAsUpdate(server.doc, before) });
    expect(readTree(server.session.doc)[0]?.content).toBe('theirs package main\n');
    expect(server.session.state.saved).toBe(true);
    expect(server.content).toHaveLength(1);
  });

  it.each(['read_only', 'too_large', 'bad_path'] as const)(
    'ends when the server refuses an edit for good: %s',
    (reason) => {
      const server = joined();
      server.type('x');
      server.nack(2, reason);
      server.ack(2);
      expect(server.events).toEqual([`refused ${reason}`]);
      expect(server.session.state.saved).toBe(false);
    },
  );

  it('does not send what the server would not read, and says so', () => {
    const server = joined();
    server.type('x'.repeat(MAX_FRAME_BYTES));
    expect(server.content).toHaveLength(1);
    expect(server.events).toEqual(['refused too_large']);
    expect(server.session.state).toMatchObject({ saved: false, lastFrame: 1 });
  });

  it('takes a document as large as the server keeps', () => {
    const server = new Server();
    listFiles(server.doc)[0]?.text.insert(0, 'x'.repeat(MAX_DOCUMENT_BYTES - 256));
    server.connect();
    expect(server.session.state.synced).toBe(true);
    expect(readTree(server.session.doc)).toEqual(readTree(server.doc));
  });

  it.each(['storage', 'gap'] as const)('goes on after %s: the server asks again', (reason) => {
    const server = joined();
    server.type('x');
    server.nack(2, reason);
    expect(server.events).toEqual([]);
    expect(server.session.state.saved).toBe(false);
    server.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    server.ack(server.session.state.lastFrame);
    expect(server.session.state.saved).toBe(true);
  });

  it('never mixes with the document of another epoch', () => {
    const server = joined();
    server.type('old text ');
    server.session.closed();
    server.connect(2);
    expect(server.events).toEqual(['epoch 2']);
    expect(server.received).toEqual([]);
  });

  it('tells what others changed while it had no connection, apart from its own edits', () => {
    const server = joined();
    server.session.closed();
    server.type('mine ');
    listFiles(server.doc)[0]?.text.insert(0, 'theirs ');
    server.connect();
    const [before, after] = JSON.parse(server.events.join().replace('caught up ', '')) as [string, string];
    expect(before).toBe('mine package main\n');
    expect(after).toContain('theirs ');
    expect(after).toContain('mine ');
    expect(server.events).toHaveLength(1);
  });

  it('tells who drives, as the server says', () => {
    const server = joined();
    expect(server.session.state.control).toEqual(freeControl);
    const control = { ...freeControl, seq: 3, mode: 'driver', driver: 'a', asking: ['b'] } as const;
    server.send({ type: 'control', control, sentAt: Date.now() });
    expect(server.session.state.control).toEqual(control);
  });

  it('tells when a turn ends by its own clock, however wrong the server’s is', () => {
    const server = joined();
    const control = { ...freeControl, mode: 'driver', driver: 'a', turnMinutes: 1 } as const;
    const before = Date.now();
    server.send({ type: 'control', control: { ...control, turnEndsAt: 60_007 }, sentAt: 7 });
    const { turnEndsAt } = server.session.state.control;
    expect(turnEndsAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(turnEndsAt).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('tells what the server says of storage and role', () => {
    const server = joined();
    server.send({ type: 'storage', ok: false });
    server.send({ type: 'role', role: 'navigator' });
    expect(server.session.state).toMatchObject({ storageOk: false, role: 'navigator' });
  });

  it('refuses bytes that are none of the protocol', () => {
    const server = joined();
    expect(() => server.session.receive(Uint8Array.of(99))).toThrow(FrameError);
    expect(() => server.send({ type: 'update', update: Uint8Array.of(255, 255, 255) })).toThrow(FrameError);
  });
});
