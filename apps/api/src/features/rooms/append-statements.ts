import type pg from 'pg';
import { byteaArray, intArray, textArray, uuidArray } from './binary-arrays.ts';
import type { LogEntry } from './update-log.writer.ts';

/** Entries that are in the log now. */
export type Appended = { has(entry: LogEntry): boolean };

const everything: Appended = { has: () => true };

/**
 * Appends a batch that was not sent before and brings no new author, which is nearly every one: no row can be there yet, and
 * the number of rows says that all are. Where some are not, because a lease was lost, `appendAgain` says which.
 */
export async function appendFirst(db: pg.ClientBase, batch: readonly LogEntry[]): Promise<Appended> {
  if (batch.some(({ newClientIds }) => newClientIds.length > 0)) return appendAgain(db, batch);
  const { rowCount } = await db.query({
    name: 'room-append-first',
    text: APPEND_FIRST,
    values: columnsOf(batch),
  });
  return rowCount === batch.length ? everything : appendAgain(db, batch);
}

/** Appends what may be in the log in part or as a whole: a repeated row is answered as written when it is the very same update. */
export async function appendAgain(db: pg.ClientBase, batch: readonly LogEntry[]): Promise<Appended> {
  const claims = batch.flatMap((e) => e.newClientIds.map((clientId) => ({ e, clientId })));
  const { rows } = await db.query<{ workspace_id: string; epoch: number; seq: number }>({
    name: 'room-append-again',
    text: APPEND_AGAIN,
    values: [
      ...columnsOf(batch),
      uuidArray(claims.map(({ e }) => e.workspaceId)),
      intArray(claims.map(({ e }) => e.epoch)),
      intArray(claims.map(({ e }) => e.fence)),
      claims.map(({ clientId }) => clientId),
      textArray(claims.map(({ e }) => e.accountId)),
    ],
  });
  const keys = new Set(rows.map((row) => keyOf(row.workspace_id, row.epoch, row.seq)));
  return { has: ({ workspaceId, epoch, seq }) => keys.has(keyOf(workspaceId, epoch, seq)) };
}

const columnsOf = (batch: readonly LogEntry[]): Buffer[] => [
  uuidArray(batch.map((e) => e.workspaceId)),
  intArray(batch.map((e) => e.epoch)),
  intArray(batch.map((e) => e.fence)),
  intArray(batch.map((e) => e.seq)),
  textArray(batch.map((e) => e.accountId)),
  byteaArray(batch.map((e) => e.update)),
];

const keyOf = (workspaceId: string, epoch: number, seq: number): string => `${workspaceId} ${epoch} ${seq}`;

/**
 * The fence is in the statement: who lost the lease writes nothing and learns it by the missing rows. The share lock
 * makes a reset wait for us or us for it.
 */
const INCOMING_AND_HELD = `
  incoming AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::bytea[])
      AS u(workspace_id, epoch, fence, seq, account_id, "update")
  ), held AS (
    SELECT workspace_id, epoch, fence FROM room_lease WHERE workspace_id = ANY ($1::uuid[]) FOR SHARE
  )`;
const INSERT = `
  INSERT INTO room_update (workspace_id, epoch, seq, account_id, "update", at)
  SELECT i.workspace_id, i.epoch, i.seq, i.account_id, i."update", now() FROM incoming i JOIN held USING (workspace_id, epoch, fence)`;

const APPEND_FIRST = `WITH ${INCOMING_AND_HELD} ${INSERT}`;

const APPEND_AGAIN = `
  WITH ${INCOMING_AND_HELD}, claimed AS (
    INSERT INTO room_author (workspace_id, client_id, account_id)
    SELECT c.workspace_id, c.client_id, c.account_id
      FROM unnest($7::uuid[], $8::int[], $9::int[], $10::bigint[], $11::text[]) AS c(workspace_id, epoch, fence, client_id, account_id)
      JOIN held USING (workspace_id, epoch, fence)
    ON CONFLICT DO NOTHING
  )
  ${INSERT}
  ON CONFLICT (workspace_id, epoch, seq) DO UPDATE SET seq = excluded.seq WHERE room_update."update" = excluded."update"
  RETURNING workspace_id, epoch, seq`;
