import type { RunEvent } from '@lineage/contracts';
import { PreparedStatement } from '../../database/index.ts';
import type { RunEntity } from './run.entity.ts';

const columns = {
  id: 'id',
  workspaceId: 'workspace_id',
  groupId: 'group_id',
  cohortId: 'cohort_id',
  startedBy: 'started_by',
  idempotencyKey: 'idempotency_key',
  requestHash: 'request_hash',
  kind: 'kind',
  signals: 'signals',
  state: 'state',
  snapshotHash: 'snapshot_hash',
  limit: 'limit',
  exitCode: 'exit_code',
  reason: 'reason',
  selfReported: 'self_reported',
  noisy: 'noisy',
  lastSeq: 'last_seq',
  tests: 'tests',
  createdAt: 'created_at',
  finishedAt: 'finished_at',
  processId: 'process_id',
} as const satisfies Record<keyof RunEntity, string>;

const names = Object.entries(columns) as [keyof RunEntity, string][];
const allColumns = Object.values(columns)
  .map((column) => `"${column}"`)
  .join(', ');

/** A run as the database has it. */
type Row = Readonly<Record<string, unknown>>;

/**
 * What happens on the way to the first line of output is one statement each: a transaction of several would wait for
 * the database once for every line of it, while whoever pressed Run waits too.
 */

/** The run that a person started with a key. $1 account, $2 key. */
export const RUN_OF_KEY = new PreparedStatement<Row>(
  'run-of-key',
  `SELECT ${allColumns} FROM run WHERE started_by = $1 AND idempotency_key = $2`,
);

/** Runs by id. $1 ids. */
export const RUNS = new PreparedStatement<Row>('runs', `SELECT ${allColumns} FROM run WHERE id = ANY ($1)`);

/** What happened in a run after one number, in order. $1 id, $2 number, $3 the most events. */
export const EVENTS_AFTER = new PreparedStatement<RunEvent>(
  'run-events-after',
  `SELECT run_id AS "runId", seq, at_ms AS "atMs", body FROM run_event WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
);

/**
 * Adds a run, its snapshot and its first events; returns a row unless the person has used the key before.
 * $1 hash, $2 files, $3 the run as JSON with the columns' names, $4 times of the events, $5 their bodies.
 */
export const CREATE_RUN = new PreparedStatement<{ id: string }>(
  'create-run',
  `
  WITH snapshot AS (
    INSERT INTO run_snapshot (hash, files) VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING
  ), added AS (
    INSERT INTO run SELECT * FROM jsonb_populate_record(NULL::run, $3::jsonb) ON CONFLICT DO NOTHING
    RETURNING id
  ), event AS (
    INSERT INTO run_event (run_id, seq, at_ms, body)
    SELECT added.id, happened.nth, happened.at_ms, happened.body::jsonb
    FROM added, unnest($4::double precision[], $5::text[]) WITH ORDINALITY AS happened (at_ms, body, nth)
  )
  SELECT id FROM added`,
);

/**
 * Adds events without a gap to a run that has not ended and changes it; returns it as it is now, with the state that it
 * had before. $1 id, $2 times, $3 bodies, $4 changed columns as JSON, $5 tests that passed, failed and were skipped, or
 * null when there is none among the events.
 */
export const APPEND_TO_RUN = new PreparedStatement<Row>(
  'append-to-run',
  `
  WITH changed AS (
    UPDATE run SET
      last_seq = run.last_seq + cardinality($2::double precision[]),
      tests = CASE WHEN $5::integer[] IS NULL THEN run.tests ELSE jsonb_build_object(
        'passed', coalesce((run.tests->>'passed')::integer, 0) + ($5::integer[])[1],
        'failed', coalesce((run.tests->>'failed')::integer, 0) + ($5::integer[])[2],
        'skipped', coalesce((run.tests->>'skipped')::integer, 0) + ($5::integer[])[3]) END,
      (state, "limit", exit_code, reason, self_reported, noisy, finished_at) = (
        SELECT state, "limit", exit_code, reason, self_reported, noisy, finished_at
        FROM jsonb_populate_record(run, $4::jsonb))
    WHERE id = $1 AND state IN ('queued', 'building', 'running')
    RETURNING run.*, (SELECT state FROM run AS before WHERE before.id = run.id) AS state_before
  ), event AS (
    INSERT INTO run_event (run_id, seq, at_ms, body)
    SELECT changed.id, changed.last_seq - cardinality($2::double precision[]) + happened.nth, happened.at_ms, happened.body::jsonb
    FROM changed, unnest($2::double precision[], $3::text[]) WITH ORDINALITY AS happened (at_ms, body, nth)
  )
  SELECT ${allColumns}, state_before FROM changed`,
);

/** A run, or part of one, by the names of its columns. */
export function toRow(run: Partial<RunEntity>): string {
  return JSON.stringify(
    Object.fromEntries(
      names.flatMap(([key, column]) => (run[key] === undefined ? [] : [[column, run[key]]])),
    ),
  );
}

/** The run of a row that the database returned. */
export function fromRow(row: Row): RunEntity {
  return Object.fromEntries(names.map(([key, column]) => [key, row[column]])) as unknown as RunEntity;
}
