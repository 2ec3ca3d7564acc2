import { decodeFrame, encodeFrame, listFiles } from '@lineage/collab';
import * as Y from 'yjs';
import type { Person } from '../system/person.ts';
import { roomSocket } from '../system/room-client.ts';
import { LatencyLog } from './latency-log.ts';
import type { Typist } from './typist.ts';

/**
 * Types in a workspace's first file. What others type is received and not applied, so that this process stays light
 * enough to keep time; the server applies and sends everything.
 */
export async function lineageTypist(person: Person, workspaceId: string): Promise<Typist> {
  const doc = new Y.Doc();
  const socket = roomSocket(person, workspaceId);
  const log = new LatencyLog();
  /** Content frames of the handshake; acknowledgements count them too. */
  let greeting = 0;
  let isSynced = false;
  let answered = false;
  const send = (update: Uint8Array): void => socket.send(encodeFrame({ type: 'update', update }));
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code, reason) =>
      reject(new Error(`the room closed with ${code} ${reason.toString()}`)),
    );
    socket.on('message', (data: Buffer) => {
      const frame = decodeFrame(data);
      switch (frame?.type) {
        case 'hello':
          socket.send(encodeFrame({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) }));
          return;
        case 'sync-step-1':
          greeting += 1;
          answered = true;
          socket.send(encodeFrame({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) }));
          break;
        case 'sync-step-2':
          Y.applyUpdate(doc, frame.update);
          isSynced = true;
          break;
        case 'ack':
          if (frame.n > greeting) log.acknowledgedUpTo(frame.n - greeting);
          return;
        case 'nack':
          throw new Error(`an edit was not taken: ${frame.reason}`);
        default:
          return;
      }
      if (isSynced && answered) resolve();
    });
  });
  const text = listFiles(doc)[0]?.text;
  if (text === undefined) throw new Error('the workspace has no file');
  doc.on('update', send);
  return {
    log,
    type() {
      log.sent();
      text.insert(text.length, 'x');
    },
    close: () => socket.close(),
  };
}
