import type { RunnerPoolOverview } from '@lineage/contracts';
import { Verdict } from '@lineage/runner-protocol';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { annotations, pointer } from '../../src/features/runs/pool/runner-pod.ts';
import { someGroup, startOf, Watched } from './pool-contract.ts';
import { type ClusterGround, openPool, TestNamespace } from './pool-on-cluster.ts';

const patience = { timeout: 60_000, interval: 50 };
/** A process is dead sooner than in use, since nobody wants to wait for it here. */
const timing = { renewMs: 200, deadAfterMs: 3_000 };
const forever = startOf('\tfmt.Println("on")\n\ttime.Sleep(time.Hour)');

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = new TestNamespace();
  await namespace.make();
});
afterAll(() => namespace.remove());
beforeEach(async () => {
  for (const pod of await namespace.pods()) await namespace.kill(pod);
  await vi.waitFor(async () => expect(await namespace.pods()).toEqual([]), patience);
});

async function open(): Promise<ClusterGround> {
  const ground = await openPool({ namespace, timing });
  onTestFinished(() => ground.close());
  await vi.waitFor(() => expect(ground.pool.state()).toEqual({ ready: true }), patience);
  return ground;
}

const leasesPath = (): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace.name}/leases`;

it('ends the pods of a server that is dead, and forgets its heartbeat', async () => {
  const ground = await open();
  const group = someGroup();
  const run = new Watched(ground.pool, group, forever);
  await run.says('on');
  const pod = await namespace.podOf(group);
  // From now on it looks as if a server had it whose heart has stopped.
  const dead = 'lineage-api-dead';
  await namespace.client.create(leasesPath(), {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: dead, labels: { 'app.kubernetes.io/name': 'lineage-api' } },
    spec: { holderIdentity: dead, renewTime: '2026-01-01T00:00:00.000000Z' },
  });
  const holder = { op: 'replace', path: pointer('annotations', annotations.holder), value: dead };
  await namespace.client.patch(`${namespace.podsPath}/${pod.metadata.name}`, [holder]);
  await expect(run.done).rejects.toThrow(/ended/);
  await vi.waitFor(async () => {
    const left = await namespace.pods();
    expect(left.map(({ metadata }) => metadata.uid)).not.toContain(pod.metadata.uid);
    const { items } = (await namespace.client.get(leasesPath())) as {
      items: { metadata: { name: string } }[];
    };
    expect(items.map(({ metadata }) => metadata.name)).not.toContain(dead);
  }, patience);
});

it('tells operators of nodes, pods, claims, and why one was of no use', async () => {
  const ground = await open();
  const group = someGroup();
  const run = new Watched(ground.pool, group, forever);
  await run.says('on');
  const overview = (): RunnerPoolOverview => ground.pool.overview() as RunnerPoolOverview;
  const seen = overview();
  expect(seen.pools).toMatchObject([{ name: 'standard', most: 12, claimed: 1, pending: 0, trouble: null }]);
  expect(seen.machines).toHaveLength(1);
  expect(seen.claims).toMatchObject({ count: 1 });
  expect(seen.claims.p99Ms).toBeGreaterThan(0);
  expect(await ground.pool.describe()).toHaveLength(1);
  const pod = await namespace.podOf(group);
  await namespace.kill(pod);
  await expect(run.done).rejects.toThrow(/ended|moved/);
  await vi.waitFor(() => {
    const { failures, pools } = overview();
    expect(pools[0]?.claimed).toBe(0);
    expect(failures.newest.map(({ runner }) => runner)).toContain(pod.metadata.name);
  }, patience);
});

it('gives up its pods when the others took it for dead, and goes on with new ones', async () => {
  const ground = await open();
  const group = someGroup();
  const run = new Watched(ground.pool, group, forever);
  await run.says('on');
  const { items } = (await namespace.client.get(leasesPath())) as { items: { metadata: { name: string } }[] };
  for (const { metadata } of items) await namespace.client.delete(`${leasesPath()}/${metadata.name}`);
  await expect(run.done).rejects.toThrow('The server that had the runner is gone');
  const next = new Watched(ground.pool, group, startOf('\tfmt.Println("next")'));
  await next.done;
  expect(next.end?.verdict).toBe(Verdict.PASSED);
});

it('says that the runner was ended when somebody deletes its pod', async () => {
  const ground = await open();
  const group = someGroup();
  const run = new Watched(ground.pool, group, forever);
  await run.says('on');
  const { name } = (await namespace.podOf(group)).metadata;
  await namespace.client.delete(`${namespace.podsPath}/${name}`);
  await expect(run.done).rejects.toThrow('by somebody who looks after the machines');
});

it('tells a group of a pod that reached its longest life', async () => {
  const ground = await open();
  const group = someGroup();
  const run = new Watched(ground.pool, group, forever);
  await run.says('on');
  const { name } = (await namespace.podOf(group)).metadata;
  // It may only be made shorter.
  const shorter = { op: 'replace', path: '/spec/activeDeadlineSeconds', value: 1 };
  await namespace.client.patch(`${namespace.podsPath}/${name}`, [shorter]);
  await expect(run.done).rejects.toThrow('longest life');
});

it('takes no pod twice, whoever reaches for it, round after round', async () => {
  const grounds = await Promise.all([open(), open(), open()]);
  const owners = new Map<string, string>();
  for (let round = 0; round < 3; round += 1) {
    const tries = grounds.map(({ pool }) => {
      const group = someGroup();
      return { group, run: new Watched(pool, group, startOf('')) };
    });
    await Promise.all(tries.map(({ run }) => run.done));
    for (const { group } of tries) {
      const { uid } = (await namespace.podOf(group)).metadata;
      expect(owners.has(uid)).toBe(false);
      owners.set(uid, group);
    }
  }
});
