import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { copyDatabase, createDatabase } from './database.ts';
import { openDesk, program, type RunDesk } from './runs/run-desk.ts';

const LINEAGE_SECRET = 'the secret that is kept with the backup';

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

it('a copy of the database and the secret are a whole instance', { timeout: 120_000 }, async () => {
  const first = await createDatabase();
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

  // What pg_dump and pg_restore do; the data directory of the first instance is gone.
  const second = await copyDatabase(first);
  await first.drop();
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
