import { readTree } from '@lineage/collab';
import type { Workspace, WorkspaceId } from '@lineage/contracts';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DocumentLog } from '../../src/features/rooms/index.ts';
import { type Desk, openDesk, wait } from './desk.ts';
import { longLog } from './long-log.ts';

const EDITS = 1_200;

let desk: Desk;
let id: WorkspaceId;
let db: DataSource;
beforeAll(async () => {
  desk = await openDesk();
  db = desk.app.app.get(DataSource);
  const at = `/workspaces/${desk.workspace.id}/branches`;
  ({ id } = (await desk.ask<Workspace>('ana', 'POST', at, { epoch: 1, seq: 0 })).body);
  await longLog(db, id, desk.file, EDITS);
});
afterAll(() => desk.close());

const snapshots = (): Promise<{ seq: number; state: Buffer }[]> =>
  db.query('SELECT seq, state FROM room_snapshot WHERE workspace_id = $1 ORDER BY seq DESC', [id]);

it('opens a very long log from a state that a worker stored', async () => {
  const at = `/workspaces/${desk.workspace.id}/branches`;
  const made = (await desk.ask<Workspace>('ana', 'POST', at, { epoch: 1, seq: 0 })).body;
  const { text } = await longLog(db, made.id, desk.file, 3_000);
  const ana = await desk.enter('ana', made.id);
  expect(ana.text(desk.file)).toBe(text);
  const stored: { seq: number }[] = await db.query('SELECT seq FROM room_snapshot WHERE workspace_id = $1', [
    made.id,
  ]);
  expect(stored).toEqual([{ seq: 3_000 }]);
});

it('stores what a long log gives, with the next edit, and the log stays', async () => {
  const ana = await desk.enter('ana', id);
  ana.type(desk.file, '// after the long log\n');
  await expect.poll(async () => (await snapshots())[0]?.seq, wait).toBe(EDITS + 1);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, (await snapshots())[0]?.state ?? new Uint8Array());
  expect(readTree(doc)).toEqual(readTree(ana.doc));
  const [kept]: { n: number }[] = await db.query(
    'SELECT count(*)::int AS n FROM room_update WHERE workspace_id = $1',
    [id],
  );
  expect(kept?.n).toBe(EDITS + 1);
});

it('moves no head when the replay reads otherwise than the open document, or the room has another owner', async () => {
  const documents = desk.app.app.get(DocumentLog);
  const [lease]: { fence: number }[] = await db.query(
    'SELECT fence FROM room_lease WHERE workspace_id = $1',
    [id],
  );
  const [before] = await snapshots();
  const ask = { workspaceId: id, epoch: 1, fence: lease?.fence ?? 0, seq: 700 };
  await expect(documents.compact({ ...ask, treeHash: 'of another text' })).rejects.toThrow(
    /history cannot be read/,
  );
  const [row]: { tree_hash: string }[] = await db.query(
    'SELECT tree_hash FROM room_snapshot WHERE workspace_id = $1 AND seq = $2',
    [id, before?.seq],
  );
  const head = { ...ask, seq: before?.seq ?? 0, treeHash: row?.tree_hash ?? '' };
  expect(await documents.compact(head)).toBe(true);
  expect(await documents.compact({ ...head, fence: ask.fence + 1 })).toBe(false);
  expect((await snapshots())[0]).toEqual(before);
});

it('refuses what a hole in the log leads to, and goes on answering the rest', async () => {
  await db.query('DELETE FROM room_update WHERE workspace_id = $1 AND seq = 100', [id]);
  const at = `/workspaces/${id}/history/1/edits?from=`;
  expect((await desk.ask('ana', 'GET', `${at}300`)).status).toBe(503);
  expect((await desk.ask('ana', 'GET', `${at}50`)).status).toBe(200);
});
