import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where a pod finds how to speak to its cluster. */
const IN_CLUSTER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** How to reach an API server and prove to be somebody there. */
export type ClusterAccess = {
  readonly server: string;
  readonly ca: string | undefined;
  readonly clientCertificate: { readonly cert: string; readonly key: string } | null;
  /** Asked before each call: the kubelet changes a pod's token every hour. */
  token(): string | null;
};

const clusterSchema = z.object({
  server: z.url({ protocol: /^https$/ }),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.base64().optional(),
});
const userSchema = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.base64().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.base64().optional(),
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
});
const kubeconfigSchema = z.object({
  'current-context': z.string(),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })),
  users: z.array(z.object({ name: z.string(), user: userSchema })),
});

/**
 * Reads a kubeconfig file, or in a pod what its service account is given. `inCluster` is the API server's address as the
 * kubelet tells it, which needs no name server.
 * @throws Error with a sentence for an operator
 */
export function clusterAccess(
  kubeconfig: string | null,
  inCluster: { readonly host: string; readonly port: number } | null = null,
): ClusterAccess {
  return kubeconfig === null ? ofServiceAccount(inCluster) : ofKubeconfig(kubeconfig);
}

function ofServiceAccount(server: Parameters<typeof clusterAccess>[1]): ClusterAccess {
  const file = (name: string): string => path.join(IN_CLUSTER, name);
  if (server == null || !fs.existsSync(file('token'))) {
    throw new Error(
      'RUNNER=kubernetes needs a cluster: run in a pod with a service account, or name a file in KUBECONFIG.',
    );
  }
  return {
    server: `https://${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`,
    ca: fs.readFileSync(file('ca.crt'), 'utf8'),
    clientCertificate: null,
    token: () => fs.readFileSync(file('token'), 'utf8').trim(),
  };
}

function ofKubeconfig(file: string): ClusterAccess {
  const config = kubeconfigSchema.safeParse(parse(fs.readFileSync(file, 'utf8')));
  if (!config.success) throw new Error(`${file} is no kubeconfig: ${z.prettifyError(config.error)}`);
  const { contexts, clusters, users, 'current-context': current } = config.data;
  const context = named(contexts, current, 'context', file).context;
  const cluster = named(clusters, context.cluster, 'cluster', file).cluster;
  const user = named(users, context.user, 'user', file).user;
  // Programs that a file names are not started: who can write the file could start anything as this server.
  if (user.exec !== undefined || user['auth-provider'] !== undefined) {
    throw new Error(
      `The user of ${file} signs in with a program. Use the token of a service account or a client certificate.`,
    );
  }
  const text = (inline: string | undefined, at: string | undefined): string | undefined => {
    if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
    return at === undefined ? undefined : fs.readFileSync(path.resolve(path.dirname(file), at), 'utf8');
  };
  const cert = text(user['client-certificate-data'], user['client-certificate']);
  const key = text(user['client-key-data'], user['client-key']);
  const { token = null, tokenFile } = user;
  return {
    server: cluster.server,
    ca: text(cluster['certificate-authority-data'], cluster['certificate-authority']),
    clientCertificate: cert === undefined || key === undefined ? null : { cert, key },
    token: () => (tokenFile === undefined ? token : fs.readFileSync(tokenFile, 'utf8').trim()),
  };
}

function named<T extends { readonly name: string }>(
  all: readonly T[],
  name: string,
  what: string,
  file: string,
): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${file} has no ${what} named ${name}.`);
  return found;
}
