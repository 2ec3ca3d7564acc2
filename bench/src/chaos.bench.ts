// Runs while pods, API processes, the API server of the cluster and watches end at random: what becomes of them.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Row } from './report/report.ts';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { openCluster } from './system/cluster.ts';

const RUNS = 200;
const root = path.resolve(import.meta.dirname, '../..');

/** What apps/api/test/pool/chaos.ts writes. */
type Report = {
  readonly runs: number;
  readonly right: number;
  readonly wrong: readonly string[];
  readonly reasons: Readonly<Record<string, number>>;
  readonly disturbances: Readonly<Record<string, number>>;
  readonly pods: number;
  readonly usedTwice: number;
  readonly left: number;
};

async function measure(bench: Bench): Promise<Measured> {
  const env = await openCluster(bench);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-chaos-'));
  bench.atEnd(() => fs.rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'report.json');
  bench.say('performing runs');
  const status = await testOf({
    ...env,
    LINEAGE_CHAOS_RUNS: String(numberFlag('samples', RUNS)),
    LINEAGE_CHAOS_REPORT: file,
  });
  if (!fs.existsSync(file)) throw new Error('the runs were not performed to their end');
  const report = JSON.parse(fs.readFileSync(file, 'utf8')) as Report;
  const named = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${count} × ${name.replace(/\.$/, '')}`)
      .join('; ');
  return {
    rows: [
      countRow('runs that ended', report.runs),
      countRow('with the right verdict and output', report.right),
      countRow('with a stated reason', report.runs - report.right - report.wrong.length),
      countRow('with anything else', report.wrong.length, 0),
      countRow('pods that two groups had', report.usedTwice, 0),
      countRow('pods left at the end, beside those that wait', report.left, 0),
    ],
    notes: [
      `Two API processes behind a balancer, a Redis, four groups, ${report.pods} pods. Meanwhile: ${named(report.disturbances)}.`,
      `Reasons that people read: ${named(report.reasons) || 'none'}.`,
      'The groups of a pod are read from the cluster ten times a second, and each program prints its group’s own word.',
    ],
    ...(status === 0 ? {} : { failure: 'what must never be, was; the output above says what' }),
  };
}

/** The test with as many runs as asked for; resolves to its exit status. */
function testOf(env: Readonly<Record<string, string>>): Promise<number> {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--config=vitest.cluster.config.ts', 'test/pool/chaos.ts'],
    {
      cwd: path.join(root, 'apps/api'),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

const countRow = (measure: string, count: number, atMost?: number): Row => ({
  measure,
  unit: 'count',
  ours: summarize([count]),
  peers: {},
  ...(atMost === undefined ? {} : { target: { of: 'max', atMost } }),
});

await runBench('chaos', measure);
