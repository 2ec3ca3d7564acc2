import type { AccountId, WorkspaceId } from '@lineage/contracts';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendAgain, appendFirst, type Appended } from '../../src/features/rooms/append-statements.ts';
import { byteaArray, intArray, textArray, uuidArray } from '../../src/features/rooms/binary-arrays.ts';
import { roomsMigrations } from '../../src/features/rooms/index.ts';
import type { LogEntry } from '../../src/features/rooms/update-log.writer.ts';
import { newId } from '../../src/platform/ids/index.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let db: pg.Client;

beforeAll(async () => {
  database = await createDatabase();
  const tables = new DataSource({ type: 'postgres', url: database.url, migrations: roomsMigrations });
  await tables.initialize();
  await tables.runMigrations();
  await tables.destroy();
  db = new pg.Client({ connectionString: database.url });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await database.drop();
});

/** A room that is held with fence 1. */
async function hold(): Promise<WorkspaceId> {
  const id = newId<WorkspaceId>();
  await db.query('INSERT INTO room_lease (workspace_id, epoch, fence) VALUES ($1, 1, 1)', [id]);
  return id;
}

const take = (id: WorkspaceId): Promise<unknown> =>
  db.query('UPDATE room_lease SET fence = fence + 1 WHERE workspace_id = $1', [id]);

const entry = (workspaceId: WorkspaceId, seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
  workspaceId,
  seq,
  epoch: 1,
  fence: 1,
  accountId: 'account "ä\\' as AccountId,
  newClientIds: [],
  update: Uint8Array.of(0, seq, 0x5c, 0xff),
  settle: () => undefined,
  acknowledge: () => undefined,
  show: () => undefined,
  ...more,
});

const whichOf = (batch: readonly LogEntry[], appended: Appended): boolean[] =>
  batch.map((one) => appended.has(one));

async function logOf(id: WorkspaceId): Promise<unknown[]> {
  const { rows } = await db.query<{ seq: number }>(
    'SELECT seq, account_id, "update" FROM room_update WHERE workspace_id = $1 ORDER BY seq',
    [id],
  );
  return rows;
}

describe.each([
  ['a batch for the first time', appendFirst],
  ['a batch again', appendAgain],
])('appending %s', (_name, append) => {
  it('writes each entry as it is', async () => {
    const rooms = [await hold(), await hold()] as const;
    const batch = [entry(rooms[0], 1), entry(rooms[1], 1), entry(rooms[0], 2)];
    expect(whichOf(batch, await append(db, batch))).toEqual([true, true, true]);
    expect(await logOf(rooms[0])).toEqual([
      { seq: 1, account_id: 'account "ä\\', update: Buffer.of(0, 1, 0x5c, 0xff) },
      { seq: 2, account_id: 'account "ä\\', update: Buffer.of(0, 2, 0x5c, 0xff) },
    ]);
  });

  it('writes nothing of a room that was lost or reset, and says so; the others are written', async () => {
    const [held, lost, reset] = [await hold(), await hold(), await hold()];
    await take(lost);
    const batch = [
      entry(lost, 1),
      entry(held, 1, { newClientIds: [77] }),
      entry(reset, 1, { epoch: 0, newClientIds: [78] }),
      entry(held, 2),
    ];
    expect(whichOf(batch, await append(db, batch))).toEqual([false, true, false, true]);
    expect(await logOf(lost)).toEqual([]);
    expect(await logOf(reset)).toEqual([]);
    expect(await logOf(held)).toHaveLength(2);
    const { rows } = await db.query('SELECT client_id FROM room_author WHERE workspace_id = ANY ($1)', [
      [held, lost, reset],
    ]);
    expect(rows).toEqual([{ client_id: '77' }]);
  });

  it('writes nothing of a lost room where nobody new types', async () => {
    const [held, lost] = [await hold(), await hold()];
    await take(lost);
    const batch = [entry(held, 1), entry(lost, 1)];
    expect(whichOf(batch, await append(db, batch))).toEqual([true, false]);
    expect(await logOf(lost)).toEqual([]);
  });

  it('holds the room until it is committed, so that who takes it finds everything', async () => {
    const id = await hold();
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    try {
      await db.query('BEGIN');
      await append(db, [entry(id, 1)]);
      await other.query("SET lock_timeout = '50ms'");
      const taking = other.query('UPDATE room_lease SET fence = fence + 1 WHERE workspace_id = $1', [id]);
      await expect(taking).rejects.toMatchObject({ code: '55P03' });
      await db.query('COMMIT');
      await other.query('UPDATE room_lease SET fence = fence + 1 WHERE workspace_id = $1', [id]);
    } finally {
      await other.end();
    }
  });
});

it('answers what was written before as written when it is the very same update', async () => {
  const id = await hold();
  await appendFirst(db, [entry(id, 1), entry(id, 2)]);
  const batch = [entry(id, 1), entry(id, 2, { update: Uint8Array.of(9) }), entry(id, 3)];
  expect(whichOf(batch, await appendAgain(db, batch))).toEqual([true, false, true]);
  expect(await logOf(id)).toMatchObject([{ seq: 1 }, { update: Buffer.of(0, 2, 0x5c, 0xff) }, { seq: 3 }]);
});

it('fails as a whole where a row is there that nobody wrote, and writes none of it', async () => {
  const id = await hold();
  await appendFirst(db, [entry(id, 1)]);
  await expect(appendFirst(db, [entry(id, 1), entry(id, 2)])).rejects.toMatchObject({ code: '23505' });
  expect(await logOf(id)).toHaveLength(1);
});

it('sends arrays that PostgreSQL reads as they are', async () => {
  const ids = [newId<string>(), '00000000-0000-4000-8000-0000000000ff'];
  const numbers = [0, -1, 2 ** 31 - 1, -(2 ** 31)];
  const texts = ['', 'NULL', '{"a,b"}\\', '注释 ä'];
  const values = [new Uint8Array(), Uint8Array.of(0, 0xff), new Uint8Array(Buffer.from('\\x00'))];
  const { rows } = await db.query(
    'SELECT $1::uuid[] AS ids, $2::int[] AS numbers, $3::text[] AS texts, $4::bytea[] AS bytes, $5::text[] AS none',
    [uuidArray(ids), intArray(numbers), textArray(texts), byteaArray(values), textArray([])],
  );
  const [row] = rows as { bytes: Buffer[] }[];
  expect(row).toMatchObject({ ids, numbers, texts, none: [] });
  expect(row?.bytes.map((one) => [...one])).toEqual(values.map((one) => [...one]));
  for (const id of [
    '',
    'not one',
    newId<string>().slice(2),
    `${newId<string>()}00`,
    newId<string>().replace(/.$/, 'g'),
  ])
    expect(() => uuidArray([id])).toThrow(RangeError);
  expect(uuidArray(ids.map((id) => id.toUpperCase()))).toEqual(uuidArray(ids));
});
