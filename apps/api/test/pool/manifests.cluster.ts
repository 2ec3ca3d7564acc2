import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { Verdict } from '@lineage/runner-protocol';
import { clusterAccess } from '../../src/features/runs/pool/cluster-access.ts';
import { ClusterClient, ClusterError } from '../../src/features/runs/pool/cluster-client.ts';
import { Installation, type Manifest } from './installation.ts';
import { someGroup, startOf, Watched } from './pool-contract.ts';
import { openPool } from './pool-on-cluster.ts';

const patience = { timeout: 60_000, interval: 50 };

let installation: Installation;
beforeAll(async () => {
  installation = new Installation();
  await installation.api.make();
  await installation.runners.make();
});
afterAll(() => Promise.all([installation.api.remove(), installation.runners.remove()]));

/** The API server takes it, or would if there were none of that name: some are the whole cluster's, or made with a namespace. */
async function expectTaken(manifest: Manifest): Promise<void> {
  try {
    await installation.create(manifest, { dryRun: 'All' });
  } catch (error) {
    const there = error instanceof ClusterError && error.reason === 'AlreadyExists';
    if (!there || !['Namespace', 'ServiceAccount', 'PriorityClass'].includes(manifest.kind))
      throw new Error(`${manifest.kind} ${manifest.metadata.name}`, { cause: error });
  }
}

it.each(['single-node', 'production'])('the API server takes every object of %s', async (overlay) => {
  const manifests = installation.render(overlay);
  expect(manifests.length).toBeGreaterThan(10);
  for (const manifest of manifests) await expectTaken(manifest);
});

it.each(['single-node', 'production'])('Pod Security lets every pod of %s in', async (overlay) => {
  const templates = installation.render(overlay).flatMap(({ spec, metadata }) => {
    if (spec?.template === undefined) return [];
    const { serviceAccountName: _, priorityClassName: __, volumes = [], ...pod } = spec.template.spec;
    const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({
      name,
      emptyDir: {},
    }));
    return [
      {
        metadata: { name: metadata.name, namespace: metadata.namespace ?? '' },
        // What admission asks for before it judges is left out; it is no part of the question.
        spec: { ...pod, volumes: [...(volumes as object[]), ...claims] },
      },
    ];
  });
  expect(templates.length).toBeGreaterThan(1);
  for (const template of templates)
    await installation.create({ apiVersion: 'v1', kind: 'Pod', ...template } as Manifest, { dryRun: 'All' });
});

it('monitoring goes on top of an overlay, in its namespace', () => {
  const added = installation.renderWith('monitoring', 'production');
  const own = added.filter(({ apiVersion }) => apiVersion === 'monitoring.coreos.com/v1');
  expect(own.map(({ kind }) => kind).sort()).toEqual(['PrometheusRule', 'ServiceMonitor']);
  for (const { metadata } of own) expect(metadata.namespace).toBe(installation.api.name);
});

it('user namespaces go on top of an overlay: pods are told of the profile that every machine is given', async () => {
  const added = installation.renderWith('user-namespaces', 'production');
  const settings = added.find(({ metadata }) => metadata.name.startsWith('lineage-settings')) as Manifest & {
    data: Record<string, string>;
  };
  expect(settings.data['LINEAGE_POD_SECCOMP']).toBe('lineage/runner.json');
  const own = added.filter(({ metadata }) =>
    [metadata.name, metadata.namespace].includes('lineage-machines'),
  );
  expect(own.map(({ kind }) => kind)).toEqual(['Namespace', 'DaemonSet']);
  // Its namespace is not there: what the server says of the rest of it is asked for in one that is.
  for (const { kind, metadata, ...rest } of own) {
    const namespace = kind === 'Namespace' ? {} : { namespace: installation.api.name };
    await expectTaken({ ...rest, kind, metadata: { ...metadata, ...namespace } });
  }
});

it('the service account may do what the pool needs, the policy lets only the API in', async () => {
  const applied = ['ServiceAccount', 'Role', 'RoleBinding', 'ResourceQuota', 'LimitRange', 'NetworkPolicy'];
  for (const manifest of installation.render('production').filter(({ kind }) => applied.includes(kind)))
    if (manifest.metadata.name !== 'default') await installation.create(manifest);
  const kubeconfig = await kubeconfigOf('lineage-api');
  const namespace = installation.runners;
  const access = clusterAccess(kubeconfig);
  const asApi = new ClusterClient(access);
  onTestFinished(() => asApi.close());
  for (const path of ['secrets', 'configmaps', 'serviceaccounts'])
    await expect(asApi.get(`/api/v1/namespaces/${namespace.name}/${path}`)).rejects.toMatchObject({
      status: 403,
    });
  await expect(asApi.get(installation.api.podsPath)).rejects.toMatchObject({ status: 403 });
  await expect(asApi.get('/api/v1/nodes')).rejects.toMatchObject({ status: 403 });

  const ground = await openPool({ namespace, env: { KUBECONFIG: kubeconfig } });
  onTestFinished(() => ground.close());
  await vi.waitFor(() => expect(ground.pool.state()).toEqual({ ready: true }), patience);
  const start = startOf('\tfmt.Println("hello")');
  // This process is not in a pod of the API, so its packets are dropped.
  const refused = new Watched(ground.pool, someGroup(), start);
  await expect(refused.done).rejects.toThrow('could not be reached over the network');
  expect(refused.output).toBe('');

  await installation.create(letUsIn(namespace.name));
  const run = new Watched(ground.pool, someGroup(), start);
  await run.done;
  expect(run.end?.verdict).toBe(Verdict.PASSED);
});

/** As an installation would whose API is not in the cluster: by address, without the label of the API's pods. */
const letUsIn = (namespace: string): Manifest =>
  ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'api-outside', namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ protocol: 'TCP', port: 8443 }] }],
    },
  }) as Manifest;

/** A kubeconfig with a token of the service account, as its pod would have one. */
async function kubeconfigOf(account: string): Promise<string> {
  const { server, ca } = clusterAccess(process.env['KUBECONFIG'] ?? null);
  const token = (await installation.api.client.create(
    `/api/v1/namespaces/${installation.api.name}/serviceaccounts/${account}/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  )) as { status: { token: string } };
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-kubeconfig-'));
  onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'config');
  const data = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const config = {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server, ...data } }],
    users: [{ name: 'u', user: { token: token.status.token } }],
  };
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
