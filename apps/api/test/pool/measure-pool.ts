// Measures a pool on the cluster of KUBECONFIG: `measure-pool.ts claim|claim-race|pod-cycle COUNT` prints samples as JSON.
// The benchmarks of the same names start it; it is here because only the API may know pods.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExecuteResponse, RunKind } from '@lineage/runner-protocol';
import type { GroupId } from '@lineage/contracts';
import { InputQueue } from '../../src/features/runs/input-queue.ts';
import { PodBook } from '../../src/features/runs/pool/pod-book.ts';
import { PodClaims } from '../../src/features/runs/pool/pod-claims.ts';
import { podFacts } from '../../src/features/runs/pool/pod-facts.ts';
import { labels, pointer } from '../../src/features/runs/pool/runner-pod.ts';
import type { ExecuteInput, RunnerPool, StartInput } from '../../src/features/runs/runner-pool.ts';
import { newId } from '../../src/platform/ids/index.ts';
import { openPool, type Pod, TestNamespace } from './pool-on-cluster.ts';

type Samples = Record<string, number[]>;

const SMALL = {
  LINEAGE_POD_MEMORY: '512Mi',
  LINEAGE_POD_CPU_REQUEST: '0.05',
  LINEAGE_POOL_IDLE_SECONDS: '5',
  LINEAGE_POD_RUNTIME_CLASS: process.env['LINEAGE_POD_RUNTIME_CLASS'] ?? '',
};
const CLAIMERS = 20;
const PODS = 5;
/** As many as one node of two cores starts within seconds. */
const WARM = 10;
const LOOK_MS = 20;

const start = (): StartInput => ({
  runId: newId<string>(),
  kind: RunKind.RUN,
  files: [
    { path: 'go.mod', content: Buffer.from('module lesson\n\ngo 1.27\n') },
    { path: 'main.go', content: Buffer.from('package main\n\nfunc main() {\n\tprintln("hello")\n}\n') },
  ],
});

/** When the agent's first event and the first output came after now. */
async function firstRun(pool: RunnerPool): Promise<{ accepted: number; firstOutput: number }> {
  const input = new InputQueue<ExecuteInput>();
  input.push({ request: { case: 'start', value: start() } });
  const began = performance.now();
  let [accepted, firstOutput] = [0, 0];
  const events: AsyncIterable<ExecuteResponse> = pool.execute(
    newId<GroupId>(),
    input,
    new AbortController().signal,
  );
  for await (const { event } of events) {
    accepted ||= performance.now() - began;
    if (event.case === 'output') firstOutput ||= performance.now() - began;
    if (event.case === 'end') break;
  }
  input.close();
  return { accepted, firstOutput };
}

const stateOf = ({ metadata }: Pod): string => metadata.labels[labels.state] ?? '';

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await sleep(LOOK_MS);
  }
}

/** Resolves when so many pods are warm and no other one is there. */
const settled = (namespace: TestNamespace, warm: number): Promise<Pod[]> =>
  until(async () => {
    const pods = await namespace.pods();
    return pods.length === warm && pods.every((pod) => stateOf(pod) === 'warm') ? pods : null;
  });

async function claim(namespace: TestNamespace, count: number): Promise<Samples> {
  const env = { ...SMALL, LINEAGE_POOL_WARM: String(WARM), LINEAGE_POOL_MOST: String(WARM) };
  const { pool, close } = await openPool({ namespace, env });
  const samples: Samples = { accepted: [], firstOutput: [] };
  while ((samples['accepted']?.length ?? 0) < count) {
    await settled(namespace, WARM);
    for (let nth = 0; nth < WARM; nth += 1) {
      // As apart as groups of a class that begins.
      await sleep(100);
      for (const [name, ms] of Object.entries(await firstRun(pool))) samples[name]?.push(ms);
    }
  }
  await close();
  return samples;
}

async function claimRace(namespace: TestNamespace, rounds: number): Promise<Samples> {
  const env = { ...SMALL, LINEAGE_POOL_WARM: String(PODS), LINEAGE_POOL_MOST: String(PODS) };
  const { close } = await openPool({ namespace, env });
  const pods = await settled(namespace, PODS);
  // From here on nobody but the claimers changes them.
  await close();
  const samples: Samples = { won: [], lost: [], twice: [] };
  for (let round = 0; round < rounds; round += 1) await race(namespace, pods, samples);
  return samples;
}

async function race(namespace: TestNamespace, pods: readonly Pod[], samples: Samples): Promise<void> {
  const listed = await Promise.all(
    pods.map(({ metadata }) => namespace.client.get(`${namespace.podsPath}/${metadata.name}`)),
  );
  const stop = new AbortController();
  let losers = 0;
  const owners = new Map<string, number>();
  const claimers = Array.from({ length: CLAIMERS }, async (_, at) => {
    const book = new PodBook();
    book.reset(listed.map(podFacts));
    const began = performance.now();
    const claims = new PodClaims(
      namespace.client,
      namespace.podsPath,
      book,
      `claimer-${at}`,
      () => undefined,
    );
    try {
      const { pod } = await claims.claim(newId<string>(), stop.signal, () => {
        losers += 1;
        samples['lost']?.push(performance.now() - began);
      });
      samples['won']?.push(performance.now() - began);
      owners.set(pod.uid, (owners.get(pod.uid) ?? 0) + 1);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  });
  await until(() => Promise.resolve(losers === CLAIMERS - pods.length ? true : null));
  stop.abort(new Error('the round is over'));
  await Promise.all(claimers);
  for (const [, count] of owners) if (count > 1) samples['twice']?.push(count);
  // Only here a pod goes back: it is the label alone that the race is about.
  const back = { op: 'replace', path: pointer('labels', labels.state), value: 'warm' };
  for (const { metadata } of pods)
    await namespace.client.patch(`${namespace.podsPath}/${metadata.name}`, [back]);
}

async function podCycle(namespace: TestNamespace, count: number): Promise<Samples> {
  const env = { ...SMALL, LINEAGE_POOL_WARM: '1', LINEAGE_POOL_MOST: '1' };
  const { pool, close } = await openPool({ namespace, env });
  const samples: Samples = { replaced: [], gone: [] };
  for (let nth = 0; nth < count; nth += 1) {
    const [used] = await settled(namespace, 1);
    await firstRun(pool);
    const find = async (): Promise<Pod | undefined> =>
      (await namespace.pods()).find(({ metadata }) => metadata.uid === used?.metadata.uid);
    await until(async () => ((await find())?.metadata.deletionTimestamp === undefined ? null : true));
    const began = performance.now();
    await until(async () => ((await find()) === undefined ? true : null));
    samples['gone']?.push(performance.now() - began);
    await settled(namespace, 1);
    samples['replaced']?.push(performance.now() - began);
  }
  await close();
  return samples;
}

const measures: Record<string, (namespace: TestNamespace, count: number) => Promise<Samples>> = {
  claim,
  'claim-race': claimRace,
  'pod-cycle': podCycle,
};
const [, , what = '', count = '0'] = process.argv;
const measure = measures[what];
if (measure === undefined) throw new Error(`nothing is measured by the name ${what}`);
const namespace = new TestNamespace();
await namespace.make();
try {
  process.stdout.write(JSON.stringify(await measure(namespace, Number(count))));
} finally {
  await namespace.remove();
}
