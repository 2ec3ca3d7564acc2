import net from 'node:net';
import { expect, vi } from 'vitest';
import { clusterAccess } from '../../src/features/runs/pool/cluster-access.ts';
import { Installation, type Manifest } from './installation.ts';
import type { Pod } from './pool-on-cluster.ts';

const patience = { timeout: 120_000, interval: 100 };
const LOG_LINES = 20;
const DEPLOYMENT = 'lineage-api';
/** What of the overlay is in namespaces of its own; the rest is for a cluster with more than one machine and an Ingress. */
const APPLIED = ['ServiceAccount', 'Role', 'RoleBinding', 'ResourceQuota', 'LimitRange', 'NetworkPolicy'];

type Settings = Readonly<Record<string, string>>;
type ApiPod = Pod & {
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
};
type Container = { image: string; env: object[]; resources: object };
type Deployment = Manifest & {
  spec: { replicas: number | null; template: { spec: { containers: Container[] } } };
};
type DeploymentStatus = {
  readonly metadata: { readonly generation: number };
  readonly status: Readonly<Record<string, number | undefined>>;
};

/** Two API processes in pods, as the production overlay makes them, behind its Service: no session is sticky there. */
export class ApiPods {
  readonly installation = new Installation();
  /** Of the Service, and so the PUBLIC_URL. */
  url = '';

  /** @param outside PostgreSQL and Redis on this machine, as a pod reaches them */
  async start(secrets: Settings, settings: Settings): Promise<void> {
    const { api, runners } = this.installation;
    await Promise.all([api.make(), runners.make()]);
    const manifests = this.installation.render('production');
    const named = (kind: string, name: string): Manifest => {
      const found = manifests.find((one) => one.kind === kind && one.metadata.name.startsWith(name));
      if (found === undefined) throw new Error(`the overlay has no ${kind} ${name}`);
      return found;
    };
    for (const manifest of manifests.filter(({ kind }) => APPLIED.includes(kind)))
      if (manifest.metadata.name !== 'default') await this.installation.create(manifest);
    const service = (await this.installation.create(named('Service', DEPLOYMENT))) as {
      spec: { clusterIP: string };
    };
    this.url = `http://${service.spec.clusterIP}`;
    await api.client.create(`/api/v1/namespaces/${api.name}/secrets`, {
      metadata: { name: 'lineage-secrets' },
      stringData: secrets,
    });
    const config = named('ConfigMap', 'lineage-settings') as Manifest & { data: Record<string, string> };
    // The classes of priority are the whole cluster's, and stay out of a test.
    const { LINEAGE_POD_PRIORITY_CLASS: _, ...data } = config.data;
    await this.installation.create({
      ...config,
      data: {
        ...data,
        PUBLIC_URL: this.url,
        LINEAGE_POOL_NAMESPACE: runners.name,
        LINEAGE_POOL_IMAGE: process.env['LINEAGE_POOL_IMAGE'] ?? '',
        LINEAGE_POD_CACHE_DIR: process.env['LINEAGE_POD_CACHE_DIR'] ?? '',
        ...settings,
      },
    } as Manifest);
    await this.installation.create(this.#deployment(named('Deployment', DEPLOYMENT) as Deployment));
  }

  /** Two processes, without the autoscaler, of the image that was made here. */
  #deployment({ spec, ...rest }: Deployment): Manifest {
    const [container, ...others] = spec.template.spec.containers;
    if (container === undefined || others.length > 0) throw new Error('the API has one container');
    const pod = {
      ...spec.template.spec,
      containers: [{ ...container, image: process.env['LINEAGE_API_IMAGE'] ?? '' }],
    };
    return { ...rest, spec: { ...spec, replicas: 2, template: { ...spec.template, spec: pod } } } as Manifest;
  }

  /** Those that take connections and are not on their way out. */
  async ready(): Promise<ApiPod[]> {
    const pods = (await this.installation.api.pods()) as ApiPod[];
    return pods.filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    );
  }

  /** Resolves to the two when there are two of the newest kind, and no other. */
  async settled(): Promise<[ApiPod, ApiPod]> {
    const path = `/apis/apps/v1/namespaces/${this.installation.api.name}/deployments/${DEPLOYMENT}`;
    return vi.waitFor(async () => {
      const { metadata, status } = (await this.installation.api.client.get(path)) as DeploymentStatus;
      expect(status).toMatchObject({
        observedGeneration: metadata.generation,
        replicas: 2,
        updatedReplicas: 2,
        availableReplicas: 2,
      });
      const all = await this.installation.api.pods();
      const pods = await this.ready();
      expect(all).toHaveLength(2);
      expect(pods).toHaveLength(2);
      return pods as [ApiPod, ApiPod];
    }, patience);
  }

  /** As a new image would: each pod is replaced, one after the other. */
  async rollOut(): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${this.installation.api.name}/deployments/${DEPLOYMENT}`;
    const annotations = { 'lineage.dev/test': String(Date.now()) };
    await this.installation.api.client.patch(path, [
      { op: 'add', path: '/spec/template/metadata/annotations', value: annotations },
    ]);
  }

  /** The last lines of both. */
  async logs(): Promise<string> {
    const { client, podsPath } = this.installation.api;
    const texts = (await this.ready()).map(async ({ metadata: { name } }) =>
      client.text(`${podsPath}/${name}/log`, { tailLines: LOG_LINES }),
    );
    return (await Promise.all(texts)).join('\n');
  }

  async close(): Promise<void> {
    await Promise.all([this.installation.api.remove(), this.installation.runners.remove()]);
  }
}

/** Where a pod listens, past the Service. */
export const urlOf = ({ status }: ApiPod): string => `http://${status.podIP ?? ''}:4600`;

/** This machine's address, as the cluster's network has it. */
export async function addressOfHost(): Promise<string> {
  const { hostname, port } = new URL(clusterAccess(process.env['KUBECONFIG'] ?? null).server);
  const socket = net.connect(Number(port || 443), hostname);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const { localAddress } = socket;
  socket.destroy();
  if (localAddress === undefined) throw new Error('the cluster was not reached');
  return localAddress;
}
