import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { configSchema, type RawConfig } from './config.schema.ts';

/** The parsed settings of this process, grouped and frozen. Secrets print as `[secret]`. */
export type Config = {
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    readonly trustedProxies: readonly string[];
    readonly metricsToken: Secret | null;
  };
  readonly database: { readonly url: Secret };
  /** Where other API processes reach this one; null when there is no other. */
  readonly peer: { readonly host: string; readonly port: number } | null;
  /** What carries events of classes and runs between processes; null when it is one process. */
  readonly redis: { readonly url: Secret } | null;
  readonly identity: { readonly demo: boolean; readonly secret: Secret };
  readonly runner: {
    /** Null when learner code runs on this machine. */
    readonly kubernetes: KubernetesConfig | null;
    readonly binary: string;
    readonly minLevel: RawConfig['LINEAGE_RUNNER_MIN_LEVEL'];
    /** Runs of everybody that may be under way at once. */
    readonly runSlots: number;
    /** A program is ended after this long by the clock, or after as much CPU time. */
    readonly runMs: number;
    readonly speculative: boolean;
    readonly cacheHome: string | null;
    /** Null leaves the choice to the agent. */
    readonly workHome: string | null;
  };
  readonly paths: { readonly data: string; readonly client: string; readonly curriculum: string };
  readonly logLevel: RawConfig['LOG_LEVEL'];
};

/** Where runner pods are, how many, and what each is like. */
export type KubernetesConfig = {
  readonly kubeconfig: string | null;
  /** The API server, for a pod. */
  readonly inCluster: { readonly host: string; readonly port: number } | null;
  readonly namespace: string;
  readonly warm: number;
  readonly most: number;
  readonly leadMs: number;
  readonly idleMs: number;
  /** Processes and threads of one program. */
  readonly processes: number;
  readonly pod: {
    readonly image: string;
    readonly cacheDir: string;
    readonly cpu: number;
    readonly cpuRequest: number;
    readonly memory: string;
    readonly disk: string;
    /** Programs of everybody that may run at once. */
    readonly runSlots: number;
    readonly mostTasks: number;
    readonly runtimeClass: string | null;
    /** `RuntimeDefault`, or the path of a profile on every node. */
    readonly seccompProfile: string;
    readonly priorityClass: string | null;
  };
};

/** A string that neither logs nor JSON can print. `reveal()` is for the one who uses it. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
}

/** A setting is wrong. The message lists names and problems, never values. */
export class ConfigError extends Error {}

/**
 * Parses the environment once. `root` is the directory of the clone, against which relative paths are resolved.
 * @throws ConfigError
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, root: string): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`These settings are wrong:\n${lines.join('\n')}`);
  }
  const raw = parsed.data;
  refuseDangerous(raw);
  if (raw.DATABASE_URL === undefined) {
    throw new ConfigError('DATABASE_URL: the API needs a PostgreSQL; `npm start` brings an embedded one');
  }
  const data = path.resolve(root, raw.LINEAGE_DATA_DIR);
  return deepFreeze({
    http: {
      host: raw.HOST,
      port: raw.PORT,
      publicUrl: raw.PUBLIC_URL === undefined ? null : new URL(raw.PUBLIC_URL).origin,
      trustedProxies: raw.TRUSTED_PROXIES.split(',')
        .map((p) => p.trim())
        .filter(Boolean),
      metricsToken: raw.LINEAGE_METRICS_TOKEN === undefined ? null : new Secret(raw.LINEAGE_METRICS_TOKEN),
    },
    database: { url: new Secret(raw.DATABASE_URL) },
    peer: raw.LINEAGE_PEER_ADDRESS === undefined ? null : hostAndPort(raw.LINEAGE_PEER_ADDRESS),
    redis: raw.REDIS_URL === undefined ? null : { url: new Secret(raw.REDIS_URL) },
    identity: { demo: raw.LINEAGE_DEMO, secret: new Secret(raw.LINEAGE_SECRET ?? keptSecret(data)) },
    runner: {
      kubernetes: raw.RUNNER === 'kubernetes' ? kubernetesConfig(raw) : null,
      binary: raw.LINEAGE_RUNNER_BIN || path.join(root, 'apps/runner/bin/lineage-runner'),
      minLevel: raw.LINEAGE_RUNNER_MIN_LEVEL,
      runSlots: raw.RUNNER === 'kubernetes' ? slotsOfPods(raw) : raw.LINEAGE_RUN_SLOTS,
      runMs: raw.LINEAGE_RUN_SECONDS * 1000,
      speculative: raw.LINEAGE_SPECULATIVE_BUILDS,
      cacheHome: raw.XDG_CACHE_HOME || null,
      workHome: raw.TMPDIR || null,
    },
    paths: {
      data,
      client: raw.LINEAGE_CLIENT_DIR || path.join(root, 'apps/web/dist'),
      curriculum: raw.LINEAGE_CURRICULUM_DIR || path.join(root, 'curriculum'),
    },
    logLevel: raw.LOG_LEVEL,
  });
}

/** Whoever waits for a pod waits in a slot: the pool has to know of them all. */
const slotsOfPods = (raw: RawConfig): number => raw.LINEAGE_POOL_MOST * raw.LINEAGE_POD_RUN_SLOTS;

function kubernetesConfig(raw: RawConfig): KubernetesConfig {
  return {
    kubeconfig: raw.KUBECONFIG || null,
    inCluster:
      raw.KUBERNETES_SERVICE_HOST === ''
        ? null
        : { host: raw.KUBERNETES_SERVICE_HOST, port: raw.KUBERNETES_SERVICE_PORT },
    namespace: raw.LINEAGE_POOL_NAMESPACE,
    warm: raw.LINEAGE_POOL_WARM,
    most: raw.LINEAGE_POOL_MOST,
    leadMs: raw.LINEAGE_POOL_LEAD_MINUTES * 60_000,
    idleMs: raw.LINEAGE_POOL_IDLE_SECONDS * 1000,
    processes: Math.floor(raw.LINEAGE_POD_PIDS / 2),
    pod: {
      image: raw.LINEAGE_POOL_IMAGE,
      cacheDir: raw.LINEAGE_POD_CACHE_DIR,
      cpu: raw.LINEAGE_POD_CPU,
      cpuRequest: Math.min(raw.LINEAGE_POD_CPU_REQUEST, raw.LINEAGE_POD_CPU),
      memory: raw.LINEAGE_POD_MEMORY,
      disk: raw.LINEAGE_POD_DISK,
      runSlots: raw.LINEAGE_POD_RUN_SLOTS,
      mostTasks: raw.LINEAGE_POD_PIDS,
      runtimeClass: raw.LINEAGE_POD_RUNTIME_CLASS || null,
      seccompProfile: raw.LINEAGE_POD_SECCOMP,
      priorityClass: raw.LINEAGE_POD_PRIORITY_CLASS || null,
    },
  };
}

function hostAndPort(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
}

const loopbackHosts = new Set(['127.0.0.1', '::1', 'localhost']);

function refuseDangerous(raw: RawConfig): void {
  if (raw.LINEAGE_DEMO && !loopbackHosts.has(raw.HOST)) {
    throw new ConfigError(
      'HOST: demo accounts have no passwords, so demo mode listens on 127.0.0.1, ::1 or localhost only. Start with --no-demo to listen elsewhere',
    );
  }
  if (
    raw.LINEAGE_DEMO &&
    raw.PUBLIC_URL !== undefined &&
    !loopbackHosts.has(new URL(raw.PUBLIC_URL).hostname.replace(/^\[|\]$/g, ''))
  ) {
    throw new ConfigError(
      'PUBLIC_URL: demo mode is for this machine only; start with --no-demo for a public address',
    );
  }
  if (raw.LINEAGE_PEER_ADDRESS !== undefined && raw.LINEAGE_SECRET === undefined) {
    throw new ConfigError(
      'LINEAGE_SECRET: several API processes know each other by it, so all of them need the same one',
    );
  }
  if (raw.RUNNER === 'kubernetes' && raw.LINEAGE_POOL_IMAGE === '') {
    throw new ConfigError('LINEAGE_POOL_IMAGE: RUNNER=kubernetes needs the image of the runner');
  }
}

/** Random for each data directory, so that a demo's cookies open nothing elsewhere. */
function keptSecret(dataDir: string): string {
  const file = path.join(dataDir, 'login.secret');
  fs.mkdirSync(dataDir, { recursive: true });
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600 });
  return fs.readFileSync(file, 'utf8').trim();
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && !(inner instanceof Secret))
      deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
