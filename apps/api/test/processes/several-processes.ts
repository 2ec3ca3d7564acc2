import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../database.ts';
import { startBalancer } from './balancer.ts';
import { freePort } from './free-port.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
export const SECRET = 'several processes know each other by this';

type Prepare = { serverBundle(): Promise<void> };

/** One real API process. */
export type ApiProcess = {
  /** Where it listens itself, past the balancer. */
  readonly url: string;
  /** Where others reach it, as it tells them. */
  readonly peerAddress: string;
  readonly pid: number;
  readonly isRunning: boolean;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  /** SIGSTOP, SIGCONT. */
  pause(): void;
  resume(): void;
  /** Starts it again after its end, under the same ports. */
  start(): Promise<void>;
  log(): string;
};

export type SeveralProcesses = {
  /** Of the balancer. */
  readonly url: string;
  readonly processes: readonly ApiProcess[];
  readonly database: TestDatabase;
  query<T>(text: string, values?: unknown[]): Promise<T[]>;
  signIn(persona: string): Promise<string>;
  request<T = unknown>(
    method: string,
    at: string,
    options?: { cookie?: string; body?: unknown; headers?: Record<string, string>; url?: string },
  ): Promise<{ status: number; body: T }>;
  close(): Promise<void>;
};

/** The built server as often as asked for, on one database, which goes with it, behind a balancer. */
export async function startSeveral(
  count: number,
  env: Readonly<Record<string, string>> = {},
  given: TestDatabase | null = null,
): Promise<SeveralProcesses> {
  const prepare = (await import(
    new URL('../../../../tools/setup/prepare.mjs', import.meta.url).href
  )) as Prepare;
  await prepare.serverBundle();
  const database = given ?? (await createDatabase());
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const processes: StartedProcess[] = [];
  const balancer = await startBalancer(() => processes.map(({ port }) => port));
  for (let nth = 0; nth < count; nth++)
    processes.push(await startProcess({ ...env, DATABASE_URL: database.url, PUBLIC_URL: balancer.url }));
  const request: SeveralProcesses['request'] = async (method, at, options = {}) => {
    const { answer, body } = await ask(options.url ?? balancer.url, balancer.url, method, at, options);
    return { status: answer.status, body: body as never };
  };
  return {
    url: balancer.url,
    processes,
    database,
    query: async (text, values = []) => (await pool.query(text, values)).rows as never,
    request,
    async signIn(persona) {
      const body = { persona };
      const { answer } = await ask(balancer.url, balancer.url, 'POST', '/api/demo/sign-in', { body });
      return answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ');
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      await balancer.close();
      await pool.end();
      await database.drop();
      for (const { dataDir } of processes) fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

type StartedProcess = ApiProcess & { readonly port: number; readonly dataDir: string };

async function startProcess(env: Record<string, string>): Promise<StartedProcess> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-process-'));
  const logFile = path.join(dataDir, 'server.log');
  let child: ChildProcess;
  let gone: Promise<void> = Promise.resolve();
  const port = await freePort();
  const peerPort = await freePort();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    // A stopped process is not killed before it goes on, except by SIGKILL.
    await gone;
  };
  const start = async (): Promise<void> => {
    const log = fs.openSync(logFile, 'a');
    child = spawn(process.execPath, [path.join(root, 'apps/api/dist/main.js')], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
        LINEAGE_ROOT: root,
        LINEAGE_DEMO: '1',
        LINEAGE_SECRET: SECRET,
        LINEAGE_DATA_DIR: dataDir,
        LINEAGE_PEER_ADDRESS: `127.0.0.1:${peerPort}`,
        PORT: String(port),
        ...env,
      },
      stdio: ['ignore', log, log, 'ipc'],
    });
    fs.closeSync(log);
    gone = new Promise((resolve) => child.once('exit', () => resolve()));
    await new Promise<void>((resolve, reject) => {
      child.on('message', (said: { type?: string }) => {
        if (said.type === 'ready') resolve();
      });
      void gone.then(() => reject(new Error(`an API process ended:\n${fs.readFileSync(logFile, 'utf8')}`)));
    });
  };
  await start();
  return {
    dataDir,
    port,
    url: `http://127.0.0.1:${port}`,
    peerAddress: `127.0.0.1:${peerPort}`,
    get pid() {
      return child.pid ?? 0;
    },
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    start,
    log: () => fs.readFileSync(logFile, 'utf8'),
  };
}

/** A request as a page of `origin` makes it. */
export async function ask(
  url: string,
  origin: string,
  method: string,
  at: string,
  { cookie, body, headers }: { cookie?: string; body?: unknown; headers?: Record<string, string> },
): Promise<{ answer: Response; body: unknown }> {
  const answer = await fetch(url + at, {
    method,
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      origin,
      // One connection a request, so that the balancer spreads them.
      connection: 'close',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  return { answer, body: isJson ? (JSON.parse(text) as unknown) : text };
}
