import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of a database on the test server from which others can be created. */
    adminUrl: string;
  }
}

type Server = { adminUrl: string; stop(): Promise<void> };
type PostgresTool = {
  startPostgres(options: { dataDir: string; settings?: Record<string, string> }): Promise<Server>;
};

/** One real PostgreSQL for the whole run; each file gets databases of its own on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const toolPath = new URL('../../../tools/postgres.mjs', import.meta.url).href;
  const tool = (await import(toolPath)) as PostgresTool;
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-test-'));
  fs.chmodSync(dataDir, 0o755);
  const server = await tool.startPostgres({ dataDir, settings: { max_connections: '200' } });
  project.provide('adminUrl', server.adminUrl);
  return async () => {
    await server.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
}
