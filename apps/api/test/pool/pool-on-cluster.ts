import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupId } from '@lineage/contracts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { clusterAccess } from '../../src/features/runs/pool/cluster-access.ts';
import { ClusterClient, ClusterError } from '../../src/features/runs/pool/cluster-client.ts';
import { KubernetesPool } from '../../src/features/runs/pool/kubernetes-pool.ts';
import type { PresenceTiming } from '../../src/features/runs/pool/process-presence.ts';
import { annotations } from '../../src/features/runs/pool/runner-pod.ts';
import { newId } from '../../src/platform/ids/index.ts';
import { setLogLevel } from '../../src/platform/logging/index.ts';
import type { PoolGround } from './pool-contract.ts';

export const TEST_SECRET = 'a secret of the tests that is long enough';

const root = path.resolve(import.meta.dirname, '../../../..');

export type Pod = {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
    readonly deletionTimestamp?: string;
  };
  readonly status: { readonly phase: string; readonly podIP?: string };
};

/** A namespace of its own on the cluster that KUBECONFIG names, as the manifests make it. */
export class TestNamespace {
  readonly name = `lineage-test-${newId<string>().slice(-12)}`;
  readonly client = new ClusterClient(clusterAccess(process.env['KUBECONFIG'] ?? null));

  async make(): Promise<void> {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await this.client.create('/api/v1/namespaces', { metadata: { name: this.name, labels } });
  }

  get podsPath(): string {
    return `/api/v1/namespaces/${this.name}/pods`;
  }

  async pods(): Promise<Pod[]> {
    return ((await this.client.get(this.podsPath)) as { items: Pod[] }).items;
  }

  async podOf(group: GroupId): Promise<Pod> {
    const pod = (await this.pods()).find(({ metadata }) => metadata.annotations[annotations.group] === group);
    if (pod === undefined) throw new Error('the group has no pod');
    return pod;
  }

  /** Takes a pod away as a node that was pulled out does: nobody is asked. */
  async kill(pod: Pod): Promise<void> {
    await this.client.create(`${this.podsPath}/${pod.metadata.name}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: pod.metadata.name },
      deleteOptions: { gracePeriodSeconds: 0 },
    });
  }

  async remove(): Promise<void> {
    await this.client.delete(`/api/v1/namespaces/${this.name}`);
    while (await this.#isThere()) await sleep(100);
    this.client.close();
  }

  async #isThere(): Promise<boolean> {
    try {
      await this.client.get(`/api/v1/namespaces/${this.name}`);
      return true;
    } catch (error) {
      if (error instanceof ClusterError && error.status === 404) return false;
      throw error;
    }
  }
}

export type ClusterGround = PoolGround & {
  readonly pool: KubernetesPool;
  readonly namespace: TestNamespace;
};

/** Settings of a pool on the test cluster: small pods, since everything shares a machine or two. */
export function clusterConfig(namespace: string, env: Record<string, string> = {}): Config {
  setLogLevel(process.env['TEST_LOG'] ?? 'fatal');
  return loadConfig(
    {
      // A pool keeps nothing on disk, and asks no database.
      LINEAGE_DATA_DIR: path.join(os.tmpdir(), 'lineage-pool-keeps-nothing'),
      DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
      LINEAGE_SECRET: TEST_SECRET,
      RUNNER: 'kubernetes',
      KUBECONFIG: process.env['KUBECONFIG'],
      LINEAGE_POOL_IMAGE: process.env['LINEAGE_POOL_IMAGE'],
      LINEAGE_POD_CACHE_DIR: process.env['LINEAGE_POD_CACHE_DIR'],
      LINEAGE_POOL_NAMESPACE: namespace,
      LINEAGE_POOL_WARM: '1',
      LINEAGE_POOL_MOST: '12',
      LINEAGE_POOL_IDLE_SECONDS: '10',
      LINEAGE_POD_CPU: '1',
      LINEAGE_POD_CPU_REQUEST: '0.1',
      LINEAGE_POD_MEMORY: '1Gi',
      LINEAGE_POD_DISK: '512Mi',
      ...env,
    },
    root,
  );
}

/** A pool that works in a namespace: a fresh one, which goes with it, unless one is given. */
export async function openPool(
  options: {
    env?: Record<string, string>;
    namespace?: TestNamespace;
    expected?: () => Promise<number>;
    timing?: PresenceTiming;
  } = {},
): Promise<ClusterGround> {
  const namespace = options.namespace ?? new TestNamespace();
  if (options.namespace === undefined) await namespace.make();
  const pool = new KubernetesPool(
    clusterConfig(namespace.name, options.env),
    options.expected ?? (() => Promise.resolve(0)),
    options.timing,
  );
  pool.onApplicationBootstrap();
  return {
    pool,
    namespace,
    killRunnerOf: async (group) => namespace.kill(await namespace.podOf(group)),
    async close() {
      await pool.onApplicationShutdown();
      if (options.namespace === undefined) await namespace.remove();
    },
  };
}
