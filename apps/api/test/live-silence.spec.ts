// A network that carries nothing any more tells nobody. The page notices by the pings that do not come, and the server by
// the answers.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './app.ts';
import { type Forward, forward } from './pool/forward.ts';
import { connect } from './socket.ts';

/** Far below the 45 s of the library, and above what is promised for a machine that does nothing else. */
const wait = { timeout: 25_000, interval: 50 };

let app: TestApp;
let network: Forward;

beforeAll(async () => {
  app = await startTestApp();
  network = await forward('127.0.0.1', app.url);
});
afterAll(async () => {
  await network.close();
  await app.close();
});

it('is noticed by the page and by the server', async () => {
  const { io } = await connect(network.url, await app.signIn('ana'), app.url);
  const reasons: string[] = [];
  io.on('disconnect', (reason) => reasons.push(reason));
  const sockets = async (): Promise<string> => {
    const metrics = (await app.request('GET', '/metrics')).body as string;
    return /^lineage_class_sockets (\d+)$/m.exec(metrics)?.[1] ?? '';
  };
  await expect.poll(sockets, wait).toBe('1');
  network.fallSilent();
  await expect.poll(() => reasons, wait).toEqual(['ping timeout']);
  await expect.poll(sockets, wait).toBe('0');
}, 60_000);
