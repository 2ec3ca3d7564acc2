import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { TestNamespace } from './pool-on-cluster.ts';

const manifests = path.resolve(import.meta.dirname, '../../../../infra/k8s');

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly template?: { readonly spec: Record<string, unknown> };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
};

/** Where objects of these kinds are made; a kind of another name fails the test. */
const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  Service: 'services',
  ResourceQuota: 'resourcequotas',
  LimitRange: 'limitranges',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Ingress: 'ingresses',
  NetworkPolicy: 'networkpolicies',
  PriorityClass: 'priorityclasses',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PodDisruptionBudget: 'poddisruptionbudgets',
  Pod: 'pods',
};

/** Two namespaces of this test's own in the place of `lineage` and `lineage-runners`. */
export class Installation {
  readonly api = new TestNamespace();
  readonly runners = new TestNamespace();

  /** The manifests of an overlay, as they are applied, with our namespaces. */
  render(overlay: string): Manifest[] {
    return this.#render(path.join(manifests, overlay));
  }

  /** The same with a component on top, as an operator adds it in a folder of their own. */
  renderWith(component: string, overlay: string): Manifest[] {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-overlay-'));
    const from = (name: string): string => path.relative(folder, path.join(manifests, name));
    const kustomization = { resources: [from(overlay)], components: [from(component)] };
    try {
      fs.writeFileSync(path.join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
      return this.#render(folder);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }

  #render(folder: string): Manifest[] {
    const kubectl = process.env['LINEAGE_CLUSTER_KUBECTL'] ?? 'kubectl';
    const rendered = execFileSync(kubectl, ['kustomize', folder], { encoding: 'utf8' });
    const ours = rendered
      .replaceAll(/\blineage-runners$/gm, this.runners.name)
      .replaceAll(/((?:namespace|metadata\.name|^ {2}name): )lineage$/gm, `$1${this.api.name}`);
    return parseAllDocuments(ours).map((document) => document.toJS() as Manifest);
  }

  async create(manifest: Manifest, query: Record<string, string> = {}): Promise<unknown> {
    const { apiVersion, kind, metadata } = manifest;
    const plural = plurals[kind];
    if (plural === undefined) throw new Error(`no plural for ${kind}`);
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
    return this.api.client.create(`${base}${within}/${plural}`, manifest, {
      fieldValidation: 'Strict',
      ...query,
    });
  }
}
