import { decodeFrame, encodeFrame, type Frame, type Hello, type RoomPerson } from '@lineage/collab';
import type { WorkspaceId } from '@lineage/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { RoomConnection } from './room-connection.ts';

const hello: Hello = { protocolVersion: 1, epoch: 1, role: 'driver', connectionId: 'one', fence: 1 };

/** The server's end of a socket: a room with an empty document, which can stop answering without a farewell. */
class ServedSocket {
  static readonly all: ServedSocket[] = [];
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((end: { code: number }) => void) | null = null;
  isClosed = false;
  isCutOff = false;
  readonly heard: Frame['type'][] = [];

  constructor() {
    ServedSocket.all.push(this);
    queueMicrotask(() => {
      this.onopen?.();
      this.#say({ type: 'hello', hello });
    });
  }

  send(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes, bytes.length);
    if (frame === null) throw new Error('no frame of the protocol');
    this.heard.push(frame.type);
    if (this.isCutOff || frame.type !== 'sync-step-1') return;
    this.#say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(new Y.Doc()) });
  }

  close(): void {
    this.isClosed = true;
  }

  #say(frame: Frame): void {
    this.onmessage?.({ data: new Uint8Array(encodeFrame(frame)).buffer });
  }
}

let connection: RoomConnection;
const newest = (): ServedSocket => ServedSocket.all.at(-1) as ServedSocket;
const questions = (): number => newest().heard.filter((type) => type === 'sync-step-1').length;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', ServedSocket);
  // Without a browser nothing can be kept in one, which is said and does no harm.
  vi.stubGlobal('reportError', () => undefined);
  ServedSocket.all.length = 0;
  connection = new RoomConnection('w' as WorkspaceId, 'ws://here', 'ana', () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.view.session.synced).toBe(true);
});
afterEach(() => {
  connection.end();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('asks a quiet server whether it is there, and stays with one that answers', async () => {
  await vi.advanceTimersByTimeAsync(10_000);
  expect(questions()).toBe(1);
  await vi.advanceTimersByTimeAsync(80_000);
  expect(questions()).toBeGreaterThan(4);
  expect(ServedSocket.all).toHaveLength(1);
  expect(connection.view.session.connected).toBe(true);
});

it('leaves a server that was cut off though nothing is to be saved, and connects again', async () => {
  newest().isCutOff = true;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(ServedSocket.all[0]?.isClosed).toBe(true);
  expect(ServedSocket.all.length).toBeGreaterThan(1);
  expect(connection.view.session.synced).toBe(true);
});

it('asks less often where many are', async () => {
  vi.spyOn(connection.session.presence, 'people', 'get').mockReturnValue(
    new Map(Array.from({ length: 200 }, (_, at) => [at, {} as RoomPerson])),
  );
  await vi.advanceTimersByTimeAsync(50_000);
  expect(questions()).toBe(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(questions()).toBe(2);
});
