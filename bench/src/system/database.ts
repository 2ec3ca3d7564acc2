import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Bench } from '../run-bench.ts';

type PostgresTool = {
  startPostgres(options: { dataDir: string }): Promise<{ url: string; pid: number; stop(): Promise<void> }>;
};
export type Database = { readonly url: string; readonly pid: number };

/** A PostgreSQL as `npm start` starts it, which the benchmark may look into, until its end. */
export async function startDatabase(atEnd: Bench['atEnd']): Promise<Database> {
  const toolPath = new URL('../../../tools/postgres.mjs', import.meta.url).href;
  const tool = (await import(toolPath)) as PostgresTool;
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-bench-'));
  fs.chmodSync(dataDir, 0o755);
  atEnd(() => fs.rmSync(dataDir, { recursive: true, force: true }));
  const server = await tool.startPostgres({ dataDir });
  atEnd(() => server.stop());
  return server;
}

/** A connection to it. */
export async function connectTo({ url }: Database, atEnd: Bench['atEnd']): Promise<pg.Client> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  atEnd(() => db.end());
  return db;
}
