import { z } from 'zod';

const flag = z.enum(['0', '1', 'true', 'false']).transform((v) => v === '1' || v === 'true');

/** RFC 1123, as Kubernetes wants the name of a namespace. */
const kubernetesName = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
/** Bytes in the notation of Kubernetes. */
const quantity = z.string().regex(/^[1-9][0-9]*(Mi|Gi)$/, 'give it as for example 512Mi or 2Gi');

/**
 * Every setting of the API process. The descriptions become `.env.example`; defaults there are these.
 * A variable that is set but empty counts as not set.
 */
export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on. Demo mode refuses any but loopback.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(4600)
    .describe('Port for the client, the API and all sockets.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where people reach this instance, for example https://lineage.example.org. Origins are compared with it.',
    ),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .describe('Comma-separated addresses of proxies whose X-Forwarded-For is believed. Empty believes none.'),
  LINEAGE_DATA_DIR: z.string().default('.lineage').describe('Database, secrets and logs of this instance.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('A PostgreSQL 15 or newer that you run. Empty: the embedded one.'),
  LINEAGE_PEER_ADDRESS: z
    .string()
    .regex(/^\S+:[0-9]{1,5}$/, 'give it as host:port')
    .optional()
    .describe(
      'Several API processes: the address and port of this one at which the others reach it, and nobody else should. Needs LINEAGE_SECRET. Empty: there is one process.',
    ),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe(
      'Several API processes: a Redis 6.2 or newer, or Valkey, that carries what happens in classes and runs from one to the others.',
    ),
  RUNNER: z.enum(['local', 'kubernetes']).default('local').describe('Where learner code runs.'),
  LINEAGE_RUNNER_BIN: z
    .string()
    .default('')
    .describe('Path of the runner agent. Empty: the one built in this clone.'),
  LINEAGE_RUNNER_MIN_LEVEL: z
    .enum(['full', 'restricted'])
    .default('restricted')
    .describe('Isolation below which no learner code runs.'),
  LINEAGE_RUN_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe('RUNNER=local: programs that may run at once.'),
  LINEAGE_RUN_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('Seconds after which a program is ended, by the clock and of CPU time. At most 600.'),
  LINEAGE_SPECULATIVE_BUILDS: flag
    .default(true)
    .describe('Build what people type when they pause, while the machine has nothing else to do.'),
  KUBECONFIG: z
    .string()
    .default('')
    .describe('RUNNER=kubernetes: how to reach the cluster. Empty: by the service account of our own pod.'),
  KUBERNETES_SERVICE_HOST: z
    .string()
    .default('')
    .describe('Where the cluster answers its own pods. The kubelet sets it; it is not for you.'),
  KUBERNETES_SERVICE_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(443)
    .describe('The port of KUBERNETES_SERVICE_HOST.'),
  LINEAGE_POOL_NAMESPACE: kubernetesName
    .default('lineage-runners')
    .describe('RUNNER=kubernetes: the namespace of runner pods; nothing else should be in it.'),
  LINEAGE_POOL_IMAGE: z
    .string()
    .default('')
    .describe('RUNNER=kubernetes: the image of the runner, with its digest where it matters.'),
  LINEAGE_POOL_WARM: z.coerce
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(2)
    .describe('RUNNER=kubernetes: pods that wait for a group, when no class is scheduled.'),
  LINEAGE_POOL_MOST: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .default(40)
    .describe(
      'RUNNER=kubernetes: the most pods at once. Each group has one at each API process through which it works.',
    ),
  LINEAGE_POOL_LEAD_MINUTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(120)
    .default(10)
    .describe('RUNNER=kubernetes: how long before a class session its pods are made.'),
  LINEAGE_POOL_IDLE_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(36_000)
    .default(600)
    .describe('RUNNER=kubernetes: how long a group keeps its pod after its last run.'),
  LINEAGE_POD_CPU: z.coerce
    .number()
    .min(0.1)
    .max(64)
    .default(1)
    .describe('RUNNER=kubernetes: cores of a pod. Programs of a group share them.'),
  LINEAGE_POD_CPU_REQUEST: z.coerce
    .number()
    .min(0.01)
    .max(64)
    .default(0.25)
    .describe(
      'RUNNER=kubernetes: cores that a machine keeps for a pod. Runs are short, so pods share a core.',
    ),
  LINEAGE_POD_MEMORY: quantity
    .default('2Gi')
    .describe('RUNNER=kubernetes: memory of a pod; a build needs 1Gi.'),
  LINEAGE_POD_DISK: quantity.default('2Gi').describe('RUNNER=kubernetes: ephemeral storage of a pod.'),
  LINEAGE_POD_RUN_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('RUNNER=kubernetes: programs of one group that may run at once.'),
  LINEAGE_POD_PIDS: z.coerce
    .number()
    .int()
    .min(256)
    .max(32_768)
    .default(512)
    .describe(
      'RUNNER=kubernetes: podPidsLimit of the kubelets, or less. One program may have half of it; the agent keeps some.',
    ),
  LINEAGE_POD_CACHE_DIR: z
    .string()
    .startsWith('/')
    .default('/var/cache/lineage/runner')
    .describe('RUNNER=kubernetes: where the image has the prepared Go release.'),
  LINEAGE_POD_RUNTIME_CLASS: z
    .string()
    .default('')
    .describe(
      'RUNNER=kubernetes: RuntimeClass of pods, for example gvisor. Empty: the default of the cluster.',
    ),
  LINEAGE_POD_SECCOMP: z
    .string()
    .default('RuntimeDefault')
    .describe(
      'RUNNER=kubernetes: RuntimeDefault, or the path of a profile below the seccomp folder of every node.',
    ),
  LINEAGE_POD_PRIORITY_CLASS: z
    .string()
    .default('')
    .describe('RUNNER=kubernetes: PriorityClass of pods, above that of placeholders where there are any.'),
  XDG_CACHE_HOME: z
    .string()
    .default('')
    .describe('Where caches of this user are; the prepared Go release is in it. Empty: ~/.cache.'),
  TMPDIR: z
    .string()
    .default('')
    .describe('Where runs have their directories. Empty: in memory where there is room, else in /tmp.'),
  LINEAGE_DEMO: flag.default(false).describe('Demo accounts without passwords, on loopback only.'),
  LINEAGE_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Signs login cookies. Empty: a random one kept in the data directory.'),
  LINEAGE_METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer for /metrics from other hosts. Empty: loopback only.'),
  LINEAGE_CLIENT_DIR: z
    .string()
    .default('')
    .describe('Built client to serve. Empty: apps/web/dist of this clone.'),
  LINEAGE_CURRICULUM_DIR: z
    .string()
    .default('')
    .describe('Curriculum to teach. Empty: curriculum/ of this clone.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('Least severe log line written.'),
});

export type RawConfig = z.infer<typeof configSchema>;
