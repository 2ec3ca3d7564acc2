import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Runs1764000005001 implements MigrationInterface {
  name = 'Runs1764000005001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE run_snapshot (
        hash text CONSTRAINT run_snapshot_pkey PRIMARY KEY,
        files jsonb NOT NULL
      )`);
    await db.query(`
      CREATE TABLE run (
        id uuid CONSTRAINT run_pkey PRIMARY KEY,
        workspace_id uuid NOT NULL,
        group_id uuid NOT NULL,
        cohort_id uuid NOT NULL,
        started_by text NOT NULL,
        idempotency_key text NOT NULL,
        request_hash text NOT NULL,
        kind text NOT NULL,
        signals jsonb NOT NULL,
        state text NOT NULL,
        snapshot_hash text NOT NULL,
        "limit" text,
        exit_code integer,
        reason text NOT NULL,
        self_reported boolean NOT NULL,
        noisy boolean NOT NULL,
        last_seq integer NOT NULL,
        tests jsonb,
        created_at timestamptz NOT NULL,
        finished_at timestamptz,
        CONSTRAINT run_one_per_key UNIQUE (started_by, idempotency_key)
      )`);
    await db.query('CREATE INDEX run_of_workspace ON run (workspace_id, created_at)');
    await db.query(`
      CREATE TABLE run_event (
        run_id uuid NOT NULL,
        seq integer NOT NULL,
        at_ms double precision NOT NULL,
        body jsonb NOT NULL,
        CONSTRAINT run_event_pkey PRIMARY KEY (run_id, seq)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE run_event');
    await db.query('DROP TABLE run');
    await db.query('DROP TABLE run_snapshot');
  }
}
