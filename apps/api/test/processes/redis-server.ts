import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';

export type RedisServer = {
  readonly url: string;
  /** SIGKILL: what it had in memory is gone. */
  kill(): Promise<void>;
  /** Again, under the same address. */
  start(): Promise<void>;
  close(): Promise<void>;
};

/** A real Redis that keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const tool = (await import(new URL('../../../../tools/test/redis.mjs', import.meta.url).href)) as {
    redisPath(): Promise<string>;
  };
  const file = await tool.redisPath();
  const port = await freePort();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-redis-'));
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const start = async (): Promise<void> => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const started = spawn(file, [...settings, '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (said: Buffer) => {
        if (said.toString().includes('Ready to accept connections')) resolve();
      });
      started.once('exit', (code) => reject(new Error(`Redis ended with ${code}`)));
    });
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    async close() {
      await kill();
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}
