import { listFiles } from '@lineage/collab';
import type { Workspace, WorkspaceId } from '@lineage/contracts';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ColdLog, DocumentLog } from '../../src/features/rooms/index.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { type Desk, openDesk, wait } from './desk.ts';
import { longLog } from './long-log.ts';

/** So many that the first load has a snapshot stored. */
const EDITS = 3_000;
const HOUR_MS = 3_600_000;

let database: TestDatabase;
let desk: Desk;
let db: DataSource;
let cold: ColdLog;

async function open(): Promise<void> {
  desk = await openDesk(database);
  db = desk.app.app.get(DataSource);
  cold = desk.app.app.get(ColdLog);
}
beforeAll(async () => {
  database = await createDatabase();
  await open();
});
afterAll(async () => {
  await desk.close();
  await database.drop();
});

/** A workspace of its own with a long log, five hours old, that was opened and typed into once. */
async function written(): Promise<{ id: WorkspaceId; text: string }> {
  const at = `/workspaces/${desk.workspace.id}/branches`;
  const { id } = (await desk.ask<Workspace>('ana', 'POST', at, { epoch: 1, seq: 0 })).body;
  await longLog(db, id, desk.file, EDITS);
  const ana = await desk.enter('ana', id);
  ana.type(desk.file, '// today\n');
  await expect.poll(() => seqsOf('room_update', id), wait).toHaveLength(EDITS + 1);
  return { id, text: ana.text(desk.file) };
}

async function seqsOf(part: 'room_update' | 'room_cold_update', id: string, epoch = 1): Promise<number[]> {
  const rows: { seq: number }[] = await db.query(
    `SELECT seq FROM ${part} WHERE workspace_id = $1 AND epoch = $2 ORDER BY seq`,
    [id, epoch],
  );
  return rows.map(({ seq }) => seq);
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

/** Everything that is told of the past. */
async function past(id: string): Promise<unknown[]> {
  const blames = listFiles((await desk.enter('mentor', id)).doc).map((file) => `/files/${file.id}/blame`);
  const paths = [
    '/history',
    '/history/1/edits?from=0',
    '/history/1/edits?from=1234',
    `/history/1/edits?from=${EDITS - 1}`,
    '/attribution',
    '/history.bundle',
    ...blames,
  ];
  const answers = [];
  for (const path of paths) {
    const { status, body } = await desk.ask('ana', 'GET', `/workspaces/${id}${path}`);
    expect(status, path).toBe(200);
    answers.push(body);
  }
  return answers;
}

it('tells the past alike when it is cold, and keeps what a load needs', async () => {
  const { id, text } = await written();
  const before = await past(id);
  expect(await cold.move(4 * HOUR_MS)).toBeGreaterThanOrEqual(EDITS);
  expect(await seqsOf('room_cold_update', id)).toEqual(upTo(EDITS));
  expect(await seqsOf('room_update', id)).toEqual([EDITS + 1]);
  expect(await past(id)).toEqual(before);
  // Another server opens it from what is left.
  await desk.close();
  await open();
  const bo = await desk.enter('bo', id);
  expect(bo.text(desk.file)).toBe(text);
  bo.type(desk.file, '// afterwards\n');
  await expect.poll(() => seqsOf('room_update', id), wait).toEqual([EDITS + 1, EDITS + 2]);
});

it('opens a document of which everything is cold', async () => {
  const { id, text } = await written();
  await desk.app.app.get(DocumentLog).settle({ workspaceId: id, epoch: 1, seq: EDITS + 1 });
  await cold.move(0);
  expect(await seqsOf('room_update', id)).toEqual([]);
  await desk.close();
  await open();
  const bo = await desk.enter('bo', id);
  expect(bo.text(desk.file)).toBe(text);
  bo.type(desk.file, '// afterwards\n');
  await expect.poll(() => seqsOf('room_update', id), wait).toEqual([EDITS + 2]);
});

it('moves what is old alone', async () => {
  const { id } = await written();
  await cold.move(6 * HOUR_MS);
  expect(await seqsOf('room_cold_update', id)).toEqual([]);
  // It was written within ten minutes: of the first two or three the log is old enough.
  await cold.move(5 * HOUR_MS - 120_000);
  const { length: old } = await seqsOf('room_cold_update', id);
  expect(old).toBeGreaterThan(400);
  expect(old).toBeLessThan(1_400);
  expect(await seqsOf('room_cold_update', id)).toEqual(upTo(old));
});

it('moves nothing that no snapshot has', async () => {
  const { id } = await written();
  await db.query('UPDATE room_snapshot SET seq = 700 WHERE workspace_id = $1 AND seq = $2', [id, EDITS]);
  await db.query('DELETE FROM room_snapshot WHERE workspace_id = $1 AND seq > 700', [id]);
  await cold.move(0);
  expect(await seqsOf('room_cold_update', id)).toEqual(upTo(700));
});

it('moves all of an epoch that is over', async () => {
  const { id } = await written();
  expect((await desk.ask('ana', 'POST', `/workspaces/${id}/reset`, {})).status).toBe(200);
  const ana = await desk.enter('ana', id);
  ana.type(desk.file, '// anew\n');
  await expect.poll(() => seqsOf('room_update', id, 2), wait).toEqual([1]);
  await cold.move(0);
  expect(await seqsOf('room_update', id)).toEqual([]);
  expect(await seqsOf('room_cold_update', id)).toEqual(upTo(EDITS + 1));
  expect(await seqsOf('room_update', id, 2)).toEqual([1]);
});

it('passes over a document that is being loaded', async () => {
  const { id } = await written();
  const loading = db.createQueryRunner();
  await loading.startTransaction();
  // As the first statement of a load does.
  await loading.query('UPDATE room_lease SET fence = fence WHERE workspace_id = $1', [id]);
  await cold.move(4 * HOUR_MS);
  expect(await seqsOf('room_cold_update', id)).toEqual([]);
  await loading.rollbackTransaction();
  await loading.release();
  await cold.move(4 * HOUR_MS);
  expect(await seqsOf('room_cold_update', id)).toHaveLength(EDITS);
});

it('is done by several at once, while people type, and each edit is there once', async () => {
  const { id } = await written();
  const ana = await desk.enter('ana', id);
  const moves = [1, 2, 3].map(() => cold.move(4 * HOUR_MS));
  for (let n = 0; n < 20; n += 1) ana.type(desk.file, `// meanwhile ${n}\n`);
  const moved = await Promise.all(moves);
  expect(moved.reduce((all, one) => all + one)).toBe(EDITS);
  const edits = async (): Promise<number[]> => [
    ...(await seqsOf('room_cold_update', id)),
    ...(await seqsOf('room_update', id)),
  ];
  await expect.poll(async () => (await edits()).length, wait).toBeGreaterThan(EDITS + 1);
  const all = await edits();
  expect(all).toEqual(upTo(all.length));
});
