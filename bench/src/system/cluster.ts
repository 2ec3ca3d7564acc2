import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench } from '../run-bench.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Settings that make a server, or a pool, use the cluster. */
export type ClusterEnv = Readonly<Record<string, string>>;

/** A Kubernetes as `npm run test:cluster` has one, until the benchmark ends. @throws Error that says why there is none */
export async function openCluster({ say, atEnd }: Bench): Promise<ClusterEnv> {
  say('bringing up a cluster');
  const holder = spawn(process.execPath, [path.join(root, 'tools/test-cluster/hold.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
  atEnd(async () => {
    holder.stdin.end();
    await ended;
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: holder.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error('the cluster was not brought up')));
  });
  const said = JSON.parse(line) as { env?: ClusterEnv; missing?: string };
  if (said.env === undefined) throw new Error(said.missing);
  return said.env;
}

/** What the API's own measure of its pool found, in milliseconds by name. */
export type PoolSamples = Readonly<Record<string, readonly number[]>>;

/** Measures the pool without HTTP around it, in a process of its own. @throws Error when what must never be was */
export const measurePool = (env: ClusterEnv, what: string, count: number): Promise<PoolSamples> =>
  inApi(env, 'measure-pool.ts', [what, String(count)]);

/** What a policy made of a day: seconds that groups waited, and hours of pods. */
export type Simulated = {
  readonly name: string;
  readonly waits: readonly number[];
  readonly podHours: number;
};

export const simulatePool = (groups: number): Promise<readonly Simulated[]> =>
  inApi({}, 'simulate-pool.ts', [String(groups)]);

/** Runs a script of the API's pool and reads what it prints; only the API may know pods. */
function inApi<T>(env: ClusterEnv, script: string, args: readonly string[]): Promise<T> {
  const file = path.join(root, 'apps/api/test/pool', script);
  // The API has decorators, which Node itself does not read.
  const load =
    "import { runnerImport } from 'vite'; await runnerImport(process.argv[1]); process.stdout.write('', () => process.exit());";
  const child = spawn(process.execPath, ['--input-type=module', '--eval', load, file, ...args], {
    cwd: path.join(root, 'apps/api'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(said) as T) : reject(new Error(`${script} ended with ${code}`)),
    );
  });
}
