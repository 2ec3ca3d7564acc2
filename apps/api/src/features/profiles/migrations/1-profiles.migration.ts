import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Profiles1764000006001 implements MigrationInterface {
  name = 'Profiles1764000006001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE artifact (
        id uuid CONSTRAINT artifact_pkey PRIMARY KEY,
        run_id uuid NOT NULL,
        workspace_id uuid NOT NULL,
        group_id uuid NOT NULL,
        cohort_id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        size_bytes integer NOT NULL,
        sha256 text NOT NULL,
        truncated boolean NOT NULL,
        hot jsonb,
        created_at timestamptz NOT NULL
      )`);
    await db.query('CREATE INDEX artifact_of_run ON artifact (run_id)');
    await db.query(`
      CREATE TABLE artifact_chunk (
        sha256 text NOT NULL,
        position integer NOT NULL,
        bytes bytea NOT NULL,
        CONSTRAINT artifact_chunk_pkey PRIMARY KEY (sha256, position)
      )`);
    // Profiles are compressed already: trying again costs time and gains nothing.
    await db.query('ALTER TABLE artifact_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL');
    await db.query(`
      CREATE TABLE artifact_link (
        token_hash bytea CONSTRAINT artifact_link_pkey PRIMARY KEY,
        artifact_id uuid NOT NULL CONSTRAINT artifact_link_artifact REFERENCES artifact ON DELETE CASCADE,
        expires_at timestamptz NOT NULL
      )`);
    await db.query('CREATE INDEX artifact_link_expires_at ON artifact_link (expires_at)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE artifact_link');
    await db.query('DROP TABLE artifact_chunk');
    await db.query('DROP TABLE artifact');
  }
}
