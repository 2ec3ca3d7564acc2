import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Workspaces1764000003001 implements MigrationInterface {
  name = 'Workspaces1764000003001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE workspace (
        id uuid CONSTRAINT workspace_pkey PRIMARY KEY,
        cohort_id uuid NOT NULL,
        group_id uuid NOT NULL,
        exercise_id text NOT NULL,
        lesson_id text NOT NULL,
        epoch integer NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT workspace_one_per_exercise UNIQUE (group_id, exercise_id)
      )`);
    await db.query(`
      CREATE TABLE workspace_template (
        workspace_id uuid NOT NULL CONSTRAINT workspace_template_workspace REFERENCES workspace ON DELETE CASCADE,
        epoch integer NOT NULL,
        state bytea NOT NULL,
        CONSTRAINT workspace_template_pkey PRIMARY KEY (workspace_id, epoch)
      )`);
    await db.query(`
      CREATE TABLE workspace_ticket (
        token_hash bytea CONSTRAINT workspace_ticket_pkey PRIMARY KEY,
        workspace_id uuid NOT NULL CONSTRAINT workspace_ticket_workspace REFERENCES workspace ON DELETE CASCADE,
        account_id text NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await db.query('CREATE INDEX workspace_ticket_expires_at ON workspace_ticket (expires_at)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE workspace_ticket');
    await db.query('DROP TABLE workspace_template');
    await db.query('DROP TABLE workspace');
  }
}
