import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Rooms1764000004001 implements MigrationInterface {
  name = 'Rooms1764000004001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE room_lease (
        workspace_id uuid CONSTRAINT room_lease_pkey PRIMARY KEY,
        epoch integer NOT NULL,
        fence integer NOT NULL
      )`);
    await db.query(`
      CREATE TABLE room_update (
        workspace_id uuid NOT NULL,
        epoch integer NOT NULL,
        seq integer NOT NULL,
        account_id text NOT NULL,
        "update" bytea NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT room_update_pkey PRIMARY KEY (workspace_id, epoch, seq)
      )`);
    // A document is already dense: compressing 30 bytes costs more than it saves.
    await db.query('ALTER TABLE room_update ALTER COLUMN "update" SET STORAGE EXTERNAL');
    await db.query(`
      CREATE TABLE room_snapshot (
        workspace_id uuid NOT NULL,
        epoch integer NOT NULL,
        seq integer NOT NULL,
        state bytea NOT NULL,
        tree_hash text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT room_snapshot_pkey PRIMARY KEY (workspace_id, epoch, seq)
      )`);
    await db.query(`
      CREATE TABLE room_author (
        workspace_id uuid NOT NULL,
        client_id bigint NOT NULL,
        account_id text NOT NULL,
        CONSTRAINT room_author_pkey PRIMARY KEY (workspace_id, client_id)
      )`);
    await db.query(`
      CREATE TABLE room_reset (
        workspace_id uuid NOT NULL,
        idempotency_key text NOT NULL,
        epoch integer NOT NULL,
        account_id text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT room_reset_pkey PRIMARY KEY (workspace_id, idempotency_key)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['room_reset', 'room_author', 'room_snapshot', 'room_update', 'room_lease']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
