import { fork } from 'node:child_process';
import path from 'node:path';
import type { Dialect, Place } from '../load/protocols.ts';
import type { Served } from '../served.ts';

const files = {
  'bare relay': { file: 'bare-relay.ts', dialect: 'relay' },
  'y-websocket-server 0.1.1': { file: 'y-websocket-peer.ts', dialect: 'y-websocket' },
  'hocuspocus 4.7': { file: 'hocuspocus-peer.ts', dialect: 'hocuspocus' },
} as const satisfies Record<string, { file: string; dialect: Dialect }>;
export type PeerName = keyof typeof files;

/** Starts a peer in a process of its own, with one document. */
export async function startPeer(
  name: PeerName,
  databaseUrl: string,
  atEnd: (end: () => void) => void,
): Promise<Served> {
  const { file, dialect } = files[name];
  const child = fork(path.join(import.meta.dirname, file), {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production', DATABASE_URL: databaseUrl },
  });
  atEnd(() => child.kill());
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${name} did not start`)));
    child.once('message', (message: { port: number }) => resolve(message.port));
  });
  const document = 'room';
  const url = `ws://127.0.0.1:${port}/${dialect === 'hocuspocus' ? '' : document}`;
  const place: Place = { dialect, url, subprotocols: [], document };
  return {
    name,
    pids: () => [child.pid ?? 0],
    places: (count) => Array.from({ length: count }, () => place),
  };
}
