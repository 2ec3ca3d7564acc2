import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RoomControl1764000004002 implements MigrationInterface {
  name = 'RoomControl1764000004002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE room_control (
        workspace_id uuid CONSTRAINT room_control_pkey PRIMARY KEY,
        seq integer NOT NULL,
        control jsonb NOT NULL
      )`);
    await db.query(`
      CREATE TABLE room_command (
        workspace_id uuid NOT NULL,
        account_id text NOT NULL,
        idempotency_key text NOT NULL,
        seq integer NOT NULL,
        command jsonb NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT room_command_pkey PRIMARY KEY (workspace_id, account_id, idempotency_key)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE room_command');
    await db.query('DROP TABLE room_control');
  }
}
