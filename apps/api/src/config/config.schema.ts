import { z } from 'zod';

const flag = z.enum(['0', '1', 'true', 'false']).transform((v) => v === '1' || v === 'true');

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
    .describe('Programs that may run at once.'),
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
