import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { LocalPool } from '../../src/features/runs/agent/local-pool.ts';
import { setLogLevel } from '../../src/platform/logging/index.ts';
import { poolContract } from './pool-contract.ts';
import { childAgents } from './child-agents.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

poolContract('LocalPool', async () => {
  setLogLevel(process.env['TEST_LOG'] ?? 'fatal');
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-pool-'));
  const env = {
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
    LINEAGE_DATA_DIR: dataDir,
    // A pool asks no database.
    DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
  };
  const pool = new LocalPool(loadConfig(env, root));
  await pool.onApplicationBootstrap();
  return {
    pool,
    killRunnerOf() {
      for (const pid of childAgents()) process.kill(pid, 'SIGKILL');
      return Promise.resolve();
    },
    async close() {
      await pool.onApplicationShutdown();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
});
