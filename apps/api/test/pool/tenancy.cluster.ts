import type { GroupId } from '@lineage/contracts';
import { BuildOutcome, StageName, Verdict } from '@lineage/runner-protocol';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { Secret } from '../../src/config/index.ts';
import { AgentConnection } from '../../src/features/runs/pool/agent-connection.ts';
import { apiIdentity } from '../../src/features/runs/pool/api-identity.ts';
import { AGENT_PORT, annotations, guestPrefix, labels } from '../../src/features/runs/pool/runner-pod.ts';
import { someGroup, startOf, Watched } from './pool-contract.ts';
import { type ClusterGround, openPool, type Pod, TEST_SECRET, TestNamespace } from './pool-on-cluster.ts';

const patience = { timeout: 60_000, interval: 50 };
const never = (): AbortSignal => new AbortController().signal;

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = new TestNamespace();
  await namespace.make();
});
afterAll(() => namespace.remove());
/** Every test begins with a namespace in which nothing is. */
beforeEach(async () => {
  for (const pod of await namespace.pods()) await namespace.kill(pod);
  await vi.waitFor(async () => expect(await namespace.pods()).toEqual([]), patience);
});

const stateOf = ({ metadata }: Pod): string => metadata.labels[labels.state] ?? '';

/** The group of each claimed pod, by the pod's uid. */
async function holders(): Promise<Map<string, string>> {
  const claimed = (await namespace.pods()).filter((pod) => stateOf(pod) === 'claimed');
  return new Map(
    claimed.map(({ metadata }) => [metadata.uid, metadata.annotations[annotations.group] ?? '']),
  );
}

/** A server's pool in the namespace of these tests. It is closed with its test, unless that did so. */
async function open(env: Record<string, string> = {}, expected = 0): Promise<ClusterGround> {
  const ground = await openPool({ namespace, env, expected: () => Promise.resolve(expected) });
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= ground.close());
  onTestFinished(close);
  await vi.waitFor(() => expect(ground.pool.state()).toEqual({ ready: true }), patience);
  return { ...ground, close };
}

async function hello(ground: ClusterGround, group: GroupId): Promise<void> {
  const run = new Watched(ground.pool, group, startOf('\tfmt.Println("hello")'));
  await run.done;
  expect(run.end?.verdict).toBe(Verdict.PASSED);
}

/** Prints a line each second until it is stopped. */
const ticking = startOf(
  '\tfor n := 1; ; n++ {\n\t\tfmt.Println("tick", n)\n\t\ttime.Sleep(time.Second)\n\t}',
);

/** Waits until a server knows of so many claimed pods. */
async function seenBy({ pool }: ClusterGround, claimed: number): Promise<void> {
  await vi.waitFor(() => expect(pool.overview()?.pools[0]?.claimed).toBe(claimed), patience);
}

const guestsOn = (all: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(guestPrefix)));

it('lets no two groups of two servers have one pod', async () => {
  const servers = await Promise.all([open(), open()]);
  const groups = Array.from({ length: 6 }, someGroup);
  const owners = new Map<string, Set<string>>();
  await Promise.all(
    groups.map(async (group, at) => {
      await hello(servers[at % 2] ?? servers[0], group);
      for (const [pod, of] of await holders()) owners.set(pod, (owners.get(pod) ?? new Set()).add(of));
    }),
  );
  expect([...owners.values()].every((of) => of.size === 1)).toBe(true);
  expect(new Set([...owners.values()].flatMap((of) => [...of]))).toEqual(new Set(groups));
});

it('ends the pod of a group that is idle, and makes another one ready', async () => {
  const ground = await open({ LINEAGE_POOL_IDLE_SECONDS: '5' });
  const group = someGroup();
  await hello(ground, group);
  const used = (await namespace.podOf(group)).metadata.uid;
  await vi.waitFor(async () => {
    const pods = await namespace.pods();
    expect(pods.map(({ metadata }) => metadata.uid)).not.toContain(used);
    expect(pods.map(stateOf)).toEqual(['warm']);
  }, patience);
});

it('gives a group whose people are at two servers one pod, until neither uses it', async () => {
  const idle = { LINEAGE_POOL_IDLE_SECONDS: '5' };
  const [first, second] = await Promise.all([open(idle), open(idle)]);
  const group = someGroup();
  await hello(first, group);
  const { uid } = (await namespace.podOf(group)).metadata;
  await seenBy(second, 1);
  const stop = new AbortController();
  const run = new Watched(second.pool, group, ticking, stop.signal);
  // The first one has been idle for long by then.
  await run.says('tick 8');
  expect(await holders()).toEqual(new Map([[uid, group]]));
  expect((await namespace.podOf(group)).metadata.deletionTimestamp).toBeUndefined();
  stop.abort();
  await expect(run.done).rejects.toThrow();
  await vi.waitFor(async () => expect(await holders()).toEqual(new Map()), patience);
});

it('comes down to one pod when two servers claim for a group at once', async () => {
  const [first, second] = await Promise.all([open(), open()]);
  const group = someGroup();
  await Promise.all([hello(first, group), hello(second, group)]);
  await seenBy(first, (await holders()).size);
  await seenBy(second, (await holders()).size);
  for (const server of [first, second]) await hello(server, group);
  await vi.waitFor(async () => expect([...(await holders()).values()]).toEqual([group]), patience);
});

it('hands the pod of a group over when the server that has it is stopped', async () => {
  const [first, second] = await Promise.all([open(), open()]);
  const group = someGroup();
  await hello(first, group);
  const { uid } = (await namespace.podOf(group)).metadata;
  await seenBy(second, 1);
  const run = new Watched(second.pool, group, ticking);
  await run.says('tick 1');
  await first.close();
  const { length } = run.output;
  await expect.poll(() => run.output.length, patience).toBeGreaterThan(length + 'tick 1\n'.length);
  const { metadata } = await namespace.podOf(group);
  expect(metadata.uid).toBe(uid);
  expect(metadata.annotations[annotations.holder]).toBe(Object.values(guestsOn(metadata.annotations))[0]);
});

it('gives every pod back when the server is stopped, and its heartbeat too', async () => {
  const ground = await open();
  await hello(ground, someGroup());
  await ground.close();
  await vi.waitFor(async () => expect(await holders()).toEqual(new Map()), patience);
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace.name}/leases`;
  expect(await namespace.client.get(path)).toMatchObject({ items: [] });
});

it('ends a program at its own limit of memory, and not the pod', async () => {
  const ground = await open();
  const group = someGroup();
  // More than one program may have, and less than the pod has.
  const hungry = [
    '\tvar all [][]byte',
    '\tfor range 120 {',
    '\t\tb := make([]byte, 4<<20)',
    '\t\tfor at := range b {',
    '\t\t\tb[at] = 1',
    '\t\t}',
    '\t\tall = append(all, b)',
    '\t}',
    '\tfmt.Println(len(all))',
    '\ttime.Sleep(time.Hour)',
  ].join('\n');
  const run = new Watched(ground.pool, group, startOf(hungry, { limits: ground.pool.limits }));
  await run.done;
  expect(run.end).toMatchObject({ verdict: Verdict.LIMITED, limit: 'memory' });
  const { uid } = (await namespace.podOf(group)).metadata;
  await hello(ground, group);
  expect((await namespace.podOf(group)).metadata.uid).toBe(uid);
});

it('ends a fork bomb, and not the agent beside it', async () => {
  const ground = await open();
  const group = someGroup();
  const bomb = [
    '\tfor {',
    '\t\tcmd, err := os.StartProcess("/proc/self/exe", []string{"bomb"}, &os.ProcAttr{})',
    '\t\t_, _ = cmd, err',
    '\t}',
  ].join('\n');
  const run = new Watched(ground.pool, group, startOf(bomb, { limits: ground.pool.limits }));
  await run.done;
  expect(run.end?.verdict).toBe(Verdict.LIMITED);
  // A process of Go's own has some memory too: which limit it meets first is not what this is about.
  expect(['pids', 'memory']).toContain(run.end?.limit);
  const { uid } = (await namespace.podOf(group)).metadata;
  await hello(ground, group);
  expect((await namespace.podOf(group)).metadata.uid).toBe(uid);
});

it('says why somebody waits when no machine has room, and gives up with the run', async () => {
  const ground = await open({ LINEAGE_POD_CPU: '64', LINEAGE_POD_CPU_REQUEST: '64' });
  const abort = new AbortController();
  const run = new Watched(ground.pool, someGroup(), startOf(''), abort.signal);
  await vi.waitFor(() => expect(run.stages(StageName.QUEUE).join()).toMatch(/No machine has room/), patience);
  abort.abort();
  await expect(run.done).rejects.toThrow();
});

it('tells the place to who waits because the pool is full, and serves them in turn', async () => {
  const ground = await open({ LINEAGE_POOL_MOST: '1', LINEAGE_POOL_IDLE_SECONDS: '5' });
  await hello(ground, someGroup());
  const waiting = [0, 1].map(() => new Watched(ground.pool, someGroup(), startOf('\tfmt.Println("mine")')));
  await vi.waitFor(() => {
    for (const run of waiting) expect(run.stages(StageName.QUEUE).join()).toMatch(/Every runner is in use/);
  }, patience);
  await Promise.all(waiting.map((run) => run.done));
  expect(waiting.map((run) => run.output)).toEqual(['mine\n', 'mine\n']);
  const queued = (run: Watched | undefined): number[] =>
    run?.events.flatMap(({ event }) => (event.case === 'stage' ? [event.value.queuePlace] : [])) ?? [];
  expect(new Set(queued(waiting[1]).filter((place) => place > 0))).toEqual(new Set([2, 1]));
  const seqs = waiting[1]?.events.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs?.map((_, at) => BigInt(at + 1)));
});

it('grows ahead of a class', async () => {
  await open({ LINEAGE_POOL_WARM: '0' }, 3);
  const three = ['warm', 'warm', 'warm'];
  await vi.waitFor(async () => expect((await namespace.pods()).map(stateOf)).toEqual(three), patience);
});

it('builds nothing ahead that would take the last warm pod', async () => {
  const ground = await open();
  await vi.waitFor(async () => expect((await namespace.pods()).map(stateOf)).toEqual(['warm']), patience);
  const built = await ground.pool.build(someGroup(), startOf(''), true, never());
  expect(built.outcome).toBe(BuildOutcome.DROPPED);
  expect(await holders()).toEqual(new Map());
});

it('lets nobody speak to an agent but the API, and the API only for the group that has it', async () => {
  const ground = await open();
  const group = someGroup();
  await hello(ground, group);
  const { metadata, status } = await namespace.podOf(group);
  const certificate = Buffer.from(metadata.annotations[annotations.certificate] ?? '', 'base64');
  const address = { host: status.podIP ?? '', port: AGENT_PORT, certificate };
  const ask = async (secret: string, lease: string): Promise<unknown> => {
    const connection = new AgentConnection(address, apiIdentity(new Secret(secret)));
    onTestFinished(() => connection.close());
    return connection.lease(lease).client.describe({}, { timeoutMs: 5_000 });
  };
  const lease = metadata.annotations[annotations.lease] ?? '';
  await expect(ask(TEST_SECRET, lease)).resolves.toBeDefined();
  await expect(ask(TEST_SECRET, 'another lease')).rejects.toThrow(/permission_denied/);
  await expect(ask('another secret that is long enough too', lease)).rejects.toThrow();
});
