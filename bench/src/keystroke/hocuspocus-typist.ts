import { fork } from 'node:child_process';
import path from 'node:path';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { LatencyLog } from './latency-log.ts';
import { opened, type Typist } from './typist.ts';

/** `MessageType` of @hocuspocus/server 4.7; each message begins with the document's name. */
const messages = { sync: 0, auth: 2, syncStatus: 8 } as const;
const SYNC_UPDATE = 2;
const AUTH_TOKEN = 0;

/** Starts the peer; resolves to its port. */
export function startHocuspocus(atEnd: (end: () => void) => void): Promise<number> {
  const child = fork(path.join(import.meta.dirname, 'hocuspocus-server.ts'), { stdio: 'inherit' });
  atEnd(() => child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('hocuspocus did not start')));
    child.once('message', (message: { port: number }) => resolve(message.port));
  });
}

/** Types in one of the peer's documents; it acknowledges with a SyncStatus for each update, in their order. */
export async function hocuspocusTypist(port: number, room: string): Promise<Typist> {
  const doc = new Y.Doc();
  const text = doc.getText('text');
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  const log = new LatencyLog();
  const send = (type: number, write: (to: encoding.Encoder) => void): void => {
    const to = encoding.createEncoder();
    encoding.writeVarString(to, room);
    encoding.writeVarUint(to, type);
    write(to);
    socket.send(encoding.toUint8Array(to));
  };
  await opened(socket);
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const from = decoding.createDecoder(data);
      decoding.readVarString(from);
      const type = decoding.readVarUint(from);
      if (type === messages.auth) resolve();
      if (type !== messages.syncStatus) return;
      if (decoding.readVarUint(from) !== 1) throw new Error('the peer did not take an edit');
      log.acknowledgedNext();
    });
    send(messages.auth, (to) => {
      encoding.writeVarUint(to, AUTH_TOKEN);
      encoding.writeVarString(to, '');
    });
  });
  doc.on('update', (update: Uint8Array) =>
    send(messages.sync, (to) => {
      encoding.writeVarUint(to, SYNC_UPDATE);
      encoding.writeVarUint8Array(to, update);
    }),
  );
  return {
    log,
    type() {
      log.sent();
      text.insert(text.length, 'x');
    },
    close: () => socket.close(),
  };
}
