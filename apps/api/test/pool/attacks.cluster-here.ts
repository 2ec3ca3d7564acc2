import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runnerPod } from '../../src/features/runs/pool/runner-pod.ts';
import { Installation, type Manifest } from './installation.ts';
import { clusterConfig, type Pod, TestNamespace } from './pool-on-cluster.ts';

/** The suite takes a minute on a machine of its own. */
const SUITE_MS = 15 * 60_000;
/** The pod's place; far from those that pools of other tests give. */
const PLACE = 500;
/** The component's own namespace. */
const MACHINES = 'lineage-machines';

const variants = process.env['LINEAGE_ATTACKS_VARIANTS'] ?? '';
const hasGvisor = process.env['LINEAGE_ATTACKS_GVISOR'] === 'yes';
let namespace: TestNamespace;
let claim: string;
const volumes: string[] = [];
beforeAll(async () => {
  namespace = new TestNamespace();
  await namespace.make();
  claim = await claimOf(variants);
});
afterAll(async () => {
  await namespace.remove();
  await namespace.client.delete(`/api/v1/namespaces/${MACHINES}`);
  for (const volume of volumes) await namespace.client.delete(`/api/v1/persistentvolumes/${volume}`);
});

/** What is prepared for the go command is gigabytes: the node's disk has it, and the pod is given it read-only. */
async function claimOf(directory: string): Promise<string> {
  const name = `${namespace.name}-variants`;
  const spec = {
    accessModes: ['ReadOnlyMany'],
    storageClassName: '',
  };
  await namespace.client.create('/api/v1/persistentvolumes', {
    metadata: { name },
    spec: {
      ...spec,
      capacity: { storage: '8Gi' },
      hostPath: { path: directory },
      claimRef: { namespace: namespace.name, name: 'variants' },
    },
  });
  volumes.push(name);
  await namespace.client.create(`/api/v1/namespaces/${namespace.name}/persistentvolumeclaims`, {
    metadata: { name: 'variants' },
    spec: { ...spec, volumeName: name, resources: { requests: { storage: '8Gi' } } },
  });
  return 'variants';
}

type Template = Parameters<typeof runnerPod>[0];
type Container = { volumeMounts: object[]; resources: object };
type PodManifest = { metadata: object; spec: { containers: [Container]; volumes: object[] } };

/** A pod as the pool makes them, in which the attack suite is instead of the agent. */
function attackPod(template: Template, setup: string, place: number, claimName: string): object {
  const { metadata, spec, ...rest } = runnerPod(template, place) as PodManifest;
  const [{ volumeMounts, ...agent }] = spec.containers;
  const suite = {
    ...agent,
    command: ['/usr/local/bin/attack.test', '-test.v', `-test.run=^TestAttacks$/^${setup}$`],
    args: [],
    readinessProbe: undefined,
    env: [
      { name: 'TMPDIR', value: '/work' },
      { name: 'HOME', value: '/work' },
      { name: 'XDG_CACHE_HOME', value: path.resolve(template.cacheDir, '../..') },
      { name: 'LINEAGE_ATTACK_INSTALLED', value: '/usr/local/bin' },
    ],
    volumeMounts: [...volumeMounts, { name: 'variants', mountPath: variants, readOnly: true }],
  };
  const volume = { name: 'variants', persistentVolumeClaim: { claimName, readOnly: true } };
  return {
    ...rest,
    metadata,
    spec: { ...spec, containers: [suite], volumes: [...spec.volumes, volume] },
  };
}

/** What of the suite holds in a pod of this kind: its attacks, and what went wrong. */
async function attack(setup: string, place: number, env: Record<string, string> = {}): Promise<void> {
  const { kubernetes } = clusterConfig(namespace.name, {
    LINEAGE_POD_MEMORY: '3Gi',
    LINEAGE_POD_DISK: '2Gi',
    ...env,
  }).runner;
  if (kubernetes === null) throw new Error('the settings are for no cluster');
  const template = { ...kubernetes.pod, pool: 'attacks', minLevel: 'restricted', clientKeyHash: '' };
  await namespace.client.create(namespace.podsPath, attackPod(template, setup, place, claim));
  const name = `runner-attacks-${place}`;
  const ended = async (): Promise<Pod | undefined> =>
    (await namespace.pods()).find(
      ({ metadata, status }) => metadata.name === name && ['Succeeded', 'Failed'].includes(status.phase),
    );
  const { status } = await vi.waitUntil(ended, { timeout: SUITE_MS, interval: 1000 });
  const log = await namespace.client.text(`${namespace.podsPath}/${name}/log`);
  const lines = log.split('\n');
  // What is indented under the name of an attack says what was wrong with it.
  const told = log.split(/^=== RUN/m).filter((part) => part.split('\n').length > 3);
  expect(
    lines.filter((line) => line.includes('--- FAIL')),
    told.join('').slice(0, 20_000),
  ).toEqual([]);
  expect(status.phase, log.slice(-2_000)).toBe('Succeeded');
  // A suite that tried nothing withstands it too.
  expect(lines.filter((line) => line.includes('--- PASS')).length).toBeGreaterThan(170);
}

/** Puts the profile on the machine, as the component does. */
async function installProfile(): Promise<void> {
  const installation = new Installation();
  const own = installation
    .renderWith('user-namespaces', 'single-node')
    .filter(({ metadata }) => [metadata.name, metadata.namespace].includes(MACHINES));
  for (const manifest of own) await installation.create(ofThisCluster(manifest));
  const ready = async (): Promise<void> => {
    const path = `/apis/apps/v1/namespaces/${MACHINES}/daemonsets/runner-profile`;
    expect(await namespace.client.get(path)).toMatchObject({ status: { numberReady: 1 } });
  };
  await vi.waitFor(ready, { timeout: 60_000, interval: 200 });
}

/** With images that the test's machine has. */
const ofThisCluster = (manifest: Manifest): Manifest =>
  JSON.parse(
    JSON.stringify(manifest)
      .replace(/"lineage-runner(:[^"]*)?"/g, JSON.stringify(process.env['LINEAGE_POOL_IMAGE']))
      .replace(/"registry\.k8s\.io\/pause:[^"]*"/g, '"localhost/pause:1"'),
  ) as Manifest;

// Two side by side: each suite mostly waits, and has a core and memory of its own pod. The longest first.

// There the agent may make namespaces, as an unprivileged user may on a machine.
if (hasGvisor)
  it.concurrent(
    'withstands every attack in a pod on gVisor',
    () => attack('user', PLACE + 1, { LINEAGE_POD_RUNTIME_CLASS: 'gvisor' }),
    SUITE_MS,
  );

it.concurrent(
  'withstands every attack in a pod as the pool makes them',
  () => attack('pod', PLACE),
  SUITE_MS,
);

// By the profile that the component puts on machines the agent may make namespaces on runc too.
it.concurrent(
  'withstands every attack in a pod with user namespaces',
  async () => {
    await installProfile();
    await attack('user', PLACE + 2, { LINEAGE_POD_SECCOMP: 'lineage/runner.json' });
  },
  SUITE_MS,
);
