import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { WebSocketServer, WebSocket } from 'ws';
import { expect, it } from 'vitest';
import { messageOf } from './web-socket-message.ts';

// Each length at which the header changes, and both sides of it.
it.each([0, 1, 125, 126, 65_535, 65_536, 300_000])(
  'is a message of %i bytes to any WebSocket',
  async (length) => {
    const frame = new Uint8Array(randomBytes(length));
    const received = await receive(messageOf(frame));
    expect(Buffer.compare(received, Buffer.from(frame))).toBe(0);
  },
);

it('is made once for each frame that is worth it', () => {
  const frame = new Uint8Array(17).fill(1);
  expect(messageOf(frame)).toBe(messageOf(frame));
  expect(messageOf(new Uint8Array(17).fill(1))).not.toBe(messageOf(frame));
});

/** What the client of `ws` reads when a server writes these bytes. */
async function receive(bytes: Buffer): Promise<Buffer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    server.on(
      'connection',
      (_, request) => void PassThrough.from([bytes]).pipe(request.socket, { end: false }),
    );
    const client = new WebSocket(`ws://127.0.0.1:${address.port}`, { perMessageDeflate: false });
    const data = await new Promise<Buffer>((resolve, reject) => {
      client.once('message', (message: Buffer, isBinary) =>
        isBinary ? resolve(message) : reject(new Error('text')),
      );
      client.once('error', reject);
    });
    client.terminate();
    return data;
  } finally {
    server.close();
  }
}
