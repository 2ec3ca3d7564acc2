// Runs of several groups while pods, API processes, the cluster's API server and watches end at random. Each run ends with
// the verdict that its program has, or with a sentence that says why not; no pod is used twice, and none is left.
// `npm run bench -- chaos` does two hundred of them; LINEAGE_FUZZ_SEED chooses other disturbances.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { labels } from '../../src/features/runs/pool/runner-pod.ts';
import { type RedisServer, startRedis } from '../processes/redis-server.ts';
import { type ApiProcess, type SeveralProcesses, startSeveral } from '../processes/several-processes.ts';
import { seededRandom } from '../seeded-random.ts';
import { type EndedRun, makeTeams, RUN_DEADLINE_MS, type Team } from './chaos-teams.ts';
import { ClusterApiServer } from './cluster-api-server.ts';
import { disturb, type Disturbance } from './disturb.ts';
import { type Forward, forward } from './forward.ts';
import { PodOwners } from './pod-owners.ts';
import { type Pod, TestNamespace } from './pool-on-cluster.ts';

const RUNS = Number(process.env['LINEAGE_CHAOS_RUNS']);
/** How often each kind of disturbance happens at least. */
const EACH = Math.ceil(RUNS / 50);
const SEED = Number(process.env['LINEAGE_FUZZ_SEED'] ?? 20_261_130);
/** Beside what is disturbed a run takes a second or two; this is for machines that are far slower. */
const RUN_MS = 20_000;
const WARM = 2;
/** Room for each team at each process, since every process has leases of its own, and for those that wait. */
const MOST = 12;
const patience = { timeout: 120_000, interval: 100 };

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-chaos-'));
const namespace = new TestNamespace();
let teams: readonly Team[];
/** Of the class that is about to begin by the timetable, for which a pod of each waits. */
let groups: number;
let redis: RedisServer;
let several: SeveralProcesses;
let way: Forward;

beforeAll(async () => {
  await namespace.make();
  redis = await startRedis();
  several = await startSeveral(2, {
    REDIS_URL: redis.url,
    RUNNER: 'kubernetes',
    KUBECONFIG: await kubeconfigThatBreaks(),
    LINEAGE_POOL_NAMESPACE: namespace.name,
    LINEAGE_POOL_IMAGE: process.env['LINEAGE_POOL_IMAGE'] ?? '',
    LINEAGE_POD_CACHE_DIR: process.env['LINEAGE_POD_CACHE_DIR'] ?? '',
    LINEAGE_POOL_WARM: String(WARM),
    LINEAGE_POOL_MOST: String(MOST),
    LINEAGE_POOL_IDLE_SECONDS: '5',
    LINEAGE_POD_CPU_REQUEST: '0.05',
    LINEAGE_POD_MEMORY: '512Mi',
    LINEAGE_POD_DISK: '512Mi',
  });
  ({ teams, groups } = await makeTeams(several));
}, 300_000);
afterAll(async () => {
  await several.close();
  await redis.close();
  await way.close();
  await namespace.remove();
  fs.rmSync(dir, { recursive: true, force: true });
}, 120_000);

type Kubeconfig = { clusters: [{ cluster: { server: string } }] };

/** A kubeconfig whose way to the cluster can be cut. The certificate of this cluster's API server is for 127.0.0.1 too. */
async function kubeconfigThatBreaks(): Promise<string> {
  const config = parse(fs.readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as Kubeconfig;
  const [{ cluster }] = config.clusters;
  way = await forward('127.0.0.1', cluster.server);
  cluster.server = way.url.replace(/\/$/, '');
  const file = path.join(dir, 'kubeconfig');
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

function disturbances(pick: (below: number) => number): [string, Disturbance][] {
  const apiServer = new ClusterApiServer();
  const one = (): ApiProcess => {
    const process = several.processes[pick(several.processes.length)];
    if (process === undefined) throw new Error('there is no API process');
    return process;
  };
  return [
    ['a pod that a group had was killed', () => killSomePod('claimed', pick)],
    ['a pod that waited was killed', () => killSomePod('warm', pick)],
    [
      'an API process was killed',
      async () => {
        const victim = one();
        await victim.kill();
        await sleep(pick(1_000));
        await victim.start();
      },
    ],
    [
      'an API process was stopped',
      async () => {
        const victim = one();
        await victim.stop();
        await victim.start();
      },
    ],
    [
      'an API process was asleep',
      async () => {
        const victim = one();
        victim.pause();
        await sleep(500 + pick(4_000));
        victim.resume();
      },
    ],
    ['watches were cut', () => Promise.resolve(way.cut())],
    ['the API server was killed', () => apiServer.kill(pick(2_000))],
    ['the API server was silent', () => apiServer.pause(500 + pick(6_000))],
  ];
}

const stateOf = ({ metadata }: Pod): string => metadata.labels[labels.state] ?? '';

/** As soon as there is one: the API server may be away just now, and the pod that we meant may go by itself. */
async function killSomePod(state: 'claimed' | 'warm', pick: (below: number) => number): Promise<void> {
  await vi.waitFor(async () => {
    const pods = (await namespace.pods()).filter(
      (pod) => stateOf(pod) === state && pod.metadata.deletionTimestamp === undefined,
    );
    const pod = pods[pick(pods.length)];
    if (pod === undefined) throw new Error(`no pod is ${state}`);
    await namespace.kill(pod);
  }, patience);
}

/** Everything that the teams ran while it was disturbed: `RUNS` at least, and until each kind happened `EACH` times. */
async function performAll(counts: Map<string, number>): Promise<{ team: Team; ended: EndedRun }[]> {
  const pick = seededRandom(SEED);
  const kinds = disturbances(pick);
  const stop = new AbortController();
  let isBroken = false;
  const disturbing = disturb(kinds, pick, stop.signal, counts);
  disturbing.catch(() => (isBroken = true));
  const all: { team: Team; ended: EndedRun }[] = [];
  let begun = 0;
  const perform = async (team: Team): Promise<void> => {
    while (!isBroken && (begun < RUNS || kinds.some(([name]) => (counts.get(name) ?? 0) < EACH))) {
      begun += 1;
      all.push({ team, ended: await team.perform() });
    }
  };
  try {
    await Promise.all(teams.map(perform));
  } finally {
    stop.abort();
    await disturbing;
  }
  return all;
}

/** States of pods that are no spare ones. */
const others = async (): Promise<string[]> =>
  (await namespace.pods()).map(stateOf).filter((state) => state !== 'warm');

it(
  `ends at least ${RUNS} runs with the right verdict or a reason, uses no pod twice and leaves none`,
  async () => {
    const owners = new PodOwners(namespace);
    const counts = new Map<string, number>();
    owners.start();
    const all = await performAll(counts).finally(() => owners.end());
    const judged = all.map(({ team, ended }) => team.judge(ended));
    const wrong = judged.filter((word) => word !== 'right' && word !== 'reason');
    // Groups are idle soon: what is there then are those that wait.
    await vi.waitFor(async () => expect(await others()).toEqual([]), patience).catch(() => undefined);
    const report = {
      runs: all.length,
      right: judged.filter((word) => word === 'right').length,
      wrong,
      reasons: tally(all.flatMap(({ ended: { run } }) => (run.state === 'errored' ? [run.reason] : []))),
      disturbances: Object.fromEntries(counts),
      pods: owners.pods,
      usedTwice: owners.usedTwice,
      left: (await others()).length,
    };
    if (process.env['LINEAGE_CHAOS_REPORT'] !== undefined)
      fs.writeFileSync(process.env['LINEAGE_CHAOS_REPORT'], JSON.stringify(report));
    expect(report).toMatchObject({ wrong: [], usedTwice: 0, left: 0 });
    expect(report.right).toBeGreaterThan(0);
    const open = await several.query("SELECT id FROM run WHERE state IN ('queued', 'building', 'running')");
    expect(open).toEqual([]);
    await expect.poll(async () => (await namespace.pods()).length, patience).toBe(Math.max(WARM, groups));
  },
  RUN_DEADLINE_MS + RUNS * RUN_MS,
);

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
