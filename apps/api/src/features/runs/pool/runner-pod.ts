import { createHash } from 'node:crypto';
import type { KubernetesConfig } from '../../../config/index.ts';

/** Ports of the agent in its pod. */
export const AGENT_PORT = 8443;
export const HEALTH_PORT = 8081;

const PREFIX = 'lineage.dev/';
/** Names of what we write on pods. Labels are looked for, annotations are only read. */
export const labels = {
  app: 'app.kubernetes.io/name',
  pool: `${PREFIX}pool`,
  /** `new`, `warm`, `claimed`. A pod never goes back. */
  state: `${PREFIX}state`,
  /** Of what the pod was made from; another one is out of date. */
  template: `${PREFIX}template`,
} as const;
export const annotations = {
  certificate: `${PREFIX}agent-certificate`,
  level: `${PREFIX}level`,
  lease: `${PREFIX}lease`,
  /** The process that claimed the pod. */
  holder: `${PREFIX}holder`,
  group: `${PREFIX}group`,
  claimedAt: `${PREFIX}claimed-at`,
  /** Not ours: whether a cluster that shrinks may move the pod. */
  safeToEvict: 'cluster-autoscaler.kubernetes.io/safe-to-evict',
} as const;

/** What the keys begin with under which processes that use a pod beside its holder are named. */
export const guestPrefix = `${PREFIX}guest-`;

/** The JSON pointer (RFC 6901) to a label or an annotation. */
export const pointer = (kind: 'labels' | 'annotations', name: string): string =>
  `/metadata/${kind}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
export const APP = 'lineage-runner';

/** The agent needs as long to end its runs. */
const GRACE_SECONDS = 2;
/** A pod that nobody ends, because nobody is left, ends by itself. */
export const DEADLINE_SECONDS = 12 * 3600;

/** Of the first place; far above people, services, and the users of slots. */
const FIRST_USER = 400_000;

/** What pods of a pool are like. Quantities are in Kubernetes' own notation. */
export type PodTemplate = KubernetesConfig['pod'] & {
  readonly pool: string;
  readonly minLevel: string;
  readonly clientKeyHash: string;
};

export function templateHash(template: PodTemplate): string {
  return createHash('sha256')
    .update(JSON.stringify(manifest(template)))
    .digest('hex')
    .slice(0, 16);
}

/**
 * The pod at place `nth` of its pool. Two processes that make it at once make one: the name is the place. Each place has a
 * user of its own, because the kernel counts a user's processes over all pods of a machine.
 */
export function runnerPod(template: PodTemplate, nth: number): object {
  const { metadata, spec, ...rest } = manifest(template);
  return {
    ...rest,
    metadata: {
      name: `runner-${template.pool}-${nth}`,
      labels: { ...metadata.labels, [labels.state]: 'new', [labels.template]: templateHash(template) },
      annotations: metadata.annotations,
    },
    spec: { ...spec, securityContext: { ...spec.securityContext, runAsUser: FIRST_USER + nth } },
  };
}

/** What Pod Security calls restricted, and less: no token, no environment of services, nothing to write but two folders. */
function manifest(template: PodTemplate) {
  const { pool, image, cacheDir, memory, disk, runtimeClass, seccompProfile, priorityClass } = template;
  const limits = { cpu: String(template.cpu), memory, 'ephemeral-storage': disk };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      labels: { [labels.app]: APP, [labels.pool]: pool },
      // A patch that adds one needs the map to be there.
      annotations: { [annotations.safeToEvict]: 'true' },
    },
    spec: {
      ...(runtimeClass === null ? {} : { runtimeClassName: runtimeClass }),
      ...(priorityClass === null ? {} : { priorityClassName: priorityClass }),
      restartPolicy: 'Never',
      activeDeadlineSeconds: DEADLINE_SECONDS,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile:
          seccompProfile === 'RuntimeDefault'
            ? { type: 'RuntimeDefault' }
            : { type: 'Localhost', localhostProfile: seccompProfile },
      },
      containers: [
        {
          name: 'agent',
          image,
          imagePullPolicy: 'IfNotPresent',
          args: agentArguments(template),
          env: [{ name: 'TMPDIR', value: '/work' }],
          ports: [
            { name: 'agent', containerPort: AGENT_PORT },
            { name: 'health', containerPort: HEALTH_PORT },
          ],
          readinessProbe: {
            httpGet: { path: '/healthz', port: HEALTH_PORT },
            periodSeconds: 1,
            timeoutSeconds: 2,
            failureThreshold: 5,
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          // Time on a core can be shared; memory that two pods counted on cannot.
          resources: { requests: { ...limits, cpu: String(template.cpuRequest) }, limits },
          volumeMounts: [
            { name: 'work', mountPath: '/work' },
            { name: 'programs', mountPath: `${cacheDir}/programs` },
          ],
        },
      ],
      volumes: [
        // Builds make many small files that live for milliseconds; memory has them, within the pod's limit.
        { name: 'work', emptyDir: { medium: 'Memory', sizeLimit: memory } },
        { name: 'programs', emptyDir: { sizeLimit: disk } },
      ],
    },
  };
}

function agentArguments({
  cacheDir,
  runSlots,
  cpu,
  minLevel,
  mostTasks,
  clientKeyHash,
}: PodTemplate): string[] {
  return [
    'serve',
    `--listen=0.0.0.0:${AGENT_PORT}`,
    `--health=0.0.0.0:${HEALTH_PORT}`,
    `--client-keys=${clientKeyHash}`,
    `--run-slots=${runSlots}`,
    // Of the node's cores the pod has some; the agent would count them all.
    `--build-slots=${Math.max(1, Math.ceil(cpu))}`,
    `--min-level=${minLevel}`,
    `--most-tasks=${mostTasks}`,
    `--cache-dir=${cacheDir}`,
  ];
}
