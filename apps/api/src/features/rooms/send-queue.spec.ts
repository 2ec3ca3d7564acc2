import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { afterEach, expect, it } from 'vitest';
import { DirectSocket } from './room-socket.ts';
import { SendQueue } from './send-queue.ts';

const EDIT = new Uint8Array(64 * 1024).fill(1);
const WHOLE = new Uint8Array([2]);
const EVERYBODY = new Uint8Array([3]);
const END = new Uint8Array([4]);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
});

it('gives a reader that reads again the whole document and everybody, once, for all that it missed', async () => {
  const { socket, client } = await connected();
  const queue = new SendQueue(socket, {
    resync: () => queue.send(WHOLE),
    represent: () => queue.sendPresence(EVERYBODY),
  });
  client.pause();
  // The system takes some megabytes before anything waits here.
  while (socket.bufferedBytes <= socket.levels.resync) queue.sendEdit(EDIT);
  const waiting = socket.bufferedBytes;
  for (let nth = 0; nth < 100; nth++) {
    queue.sendEdit(EDIT);
    queue.sendPresence(EVERYBODY);
  }
  expect(socket.bufferedBytes).toBe(waiting);

  const kinds: number[] = [];
  const caughtUp = new Promise<void>((resolve) => {
    client.on('message', (data: Buffer) => {
      if (data[0] !== EDIT[0]) kinds.push(data[0] ?? 0);
      if (data[0] === EVERYBODY[0]) queue.send(END);
      if (data[0] === END[0]) resolve();
    });
  });
  client.resume();
  await caughtUp;
  expect(kinds).toEqual([WHOLE[0], EVERYBODY[0], END[0]]);
});

/** Both ends of a real connection. */
async function connected(): Promise<{ socket: DirectSocket; client: WebSocket }> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer().listen(0, '127.0.0.1');
  ends.push(() => server.close());
  const entered = new Promise<DirectSocket>((resolve) => {
    server.on('upgrade', (request, stream, head) =>
      sockets.handleUpgrade(request, stream, head, (ws) => resolve(new DirectSocket(ws, stream))),
    );
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`, { perMessageDeflate: false });
  ends.push(() => client.terminate());
  await once(client, 'open');
  return { socket: await entered, client };
}
