import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createDatabase } from './database.ts';
import { openDesk, program, type RunDesk } from './runs/run-desk.ts';

const LINEAGE_SECRET = 'the secret that is kept with the backup';

const run = promisify(execFile);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-backup-'));

/** A PostgreSQL that has pg_dump beside it, as an operator's has; the packaged one is the server alone. */
let server: { adminUrl: string; stop(): Promise<void> };
let bin: string;
beforeAll(async () => {
  const tools = new URL('../../../tools/', import.meta.url).href;
  const { fullPostgres } = (await import(`${tools}test/full-postgres.mjs`)) as {
    fullPostgres(): Promise<string>;
  };
  const { startPostgres } = (await import(`${tools}postgres.mjs`)) as {
    startPostgres(options: { dataDir: string; native: string }): Promise<typeof server>;
  };
  const native = await fullPostgres();
  bin = path.join(native, 'bin');
  fs.chmodSync(dir, 0o755);
  server = await startPostgres({ dataDir: dir, native });
}, 120_000);
afterAll(async () => {
  await server.stop();
  fs.rmSync(dir, { recursive: true, force: true });
});

let desk: RunDesk | null = null;
afterEach(() => desk?.close());

/** What people would miss: the text, the run with its output, the profile's bytes, and the class. */
async function seenBy(current: RunDesk, runId: string, cookie: string) {
  const read = async (path: string): Promise<unknown> =>
    (await current.app.request('GET', path, { cookie })).body;
  const run = await current.get(runId);
  const [artifact] = run.artifacts;
  const bytes = await fetch(`${current.app.url}/api/artifacts/${artifact?.id}/content`, {
    headers: { cookie },
  });
  expect(bytes.status).toBe(200);
  const { cohorts } = (await read('/api/cohorts')) as { cohorts: { id: string }[] };
  const cohort = await read(`/api/cohorts/${cohorts[0]?.id}`);
  return {
    run,
    events: await current.events(runId),
    profile: createHash('sha256')
      .update(new Uint8Array(await bytes.arrayBuffer()))
      .digest('hex'),
    cohort,
  };
}

it('a dump of the database and the secret are a whole instance', { timeout: 120_000 }, async () => {
  const first = await createDatabase(server.adminUrl);
  desk = await openDesk({ LINEAGE_SECRET }, first);
  const { ana } = desk.cookies;
  await desk.write(
    program(
      '\tfor end := time.Now().Add(time.Second); time.Now().Before(end); {\n\t}\n\tfmt.Println("done")',
      ['fmt', 'time'],
    ),
  );
  const { id } = (await desk.press({ kind: 'run', signals: ['cpu'] })).body;
  expect((await desk.ended(id)).run.state).toBe('passed');
  const before = await seenBy(desk, id, ana);
  const { workspace } = desk;
  await desk.close();

  // As docs/operate.md says it; the data directory of the first instance is gone.
  const dump = path.join(dir, 'lineage.dump');
  await run(path.join(bin, 'pg_dump'), ['--format=custom', `--file=${dump}`, first.url]);
  await first.drop();
  const second = await createDatabase(server.adminUrl);
  await run(path.join(bin, 'pg_restore'), ['--no-owner', '--exit-on-error', `--dbname=${second.url}`, dump]);
  desk = await openDesk({ LINEAGE_SECRET }, second);
  // Ana is still signed in: her cookie was signed with the secret.
  expect(await seenBy(desk, id, ana)).toEqual(before);
  expect(desk.workspace.id).toBe(workspace.id);
  const again = (await desk.press({ kind: 'run' }, { cookie: ana })).body;
  expect((await desk.ended(again.id)).run).toMatchObject({
    state: 'passed',
    snapshotHash: before.run.snapshotHash,
  });
});
