import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Classroom1764000002001 implements MigrationInterface {
  name = 'Classroom1764000002001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE class_event (
        class_session_id uuid NOT NULL,
        seq integer NOT NULL,
        at timestamptz NOT NULL,
        "by" text NOT NULL,
        idempotency_key text NOT NULL,
        body jsonb NOT NULL,
        CONSTRAINT class_event_pkey PRIMARY KEY (class_session_id, seq),
        CONSTRAINT class_event_one_per_key UNIQUE (class_session_id, "by", idempotency_key)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE class_event');
  }
}
