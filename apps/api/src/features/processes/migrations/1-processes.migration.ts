import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Processes1764000007001 implements MigrationInterface {
  name = 'Processes1764000007001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE api_process (
        id uuid CONSTRAINT api_process_pkey PRIMARY KEY,
        address text NOT NULL,
        started_at timestamptz NOT NULL,
        alive_until timestamptz NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE api_process');
  }
}
