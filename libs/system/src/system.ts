import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

export type System = { readonly url: string; readonly pid: number; stop(): Promise<void> };

/** `npm start` with a data directory and a port of its own, and with settings; resolves when it says that it is ready. */
export async function startSystem(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<System & { setupUrl: string | null }> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-e2e-'));
  fs.chmodSync(dataDir, 0o755);
  const child = spawn(process.execPath, [path.join(root, 'tools/start.mjs'), 'start', ...flags], {
    cwd: root,
    env: { ...process.env, ...env, PORT: String(await freePort()), LINEAGE_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const ready = /Lineage is ready: (\S+)/.exec(said)?.[1];
      if (ready !== undefined && said.includes('Ctrl-C')) resolve(ready);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(() => reject(new Error(`Lineage did not start:\n${said}\n${serverLog(dataDir)}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    setupUrl: /(http\S+\/setup#\S+)/.exec(said)?.[1] ?? null,
    async stop() {
      child.kill('SIGINT');
      await exited;
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The server process that runs now. @throws Error when there is none at the moment */
export function serverPid(launcherPid: number): number {
  const pids = execFileSync('pgrep', ['-P', String(launcherPid), '-f', 'apps/api/dist/main.js'], {
    encoding: 'utf8',
  });
  return Number(pids.trim().split('\n')[0]);
}

/** Kills the server process as a power cut would; the launcher starts it again. */
export function killServer(launcherPid: number): void {
  process.kill(serverPid(launcherPid), 'SIGKILL');
}

function serverLog(dataDir: string): string {
  const file = path.join(dataDir, 'server.log');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').slice(-4000) : '';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
