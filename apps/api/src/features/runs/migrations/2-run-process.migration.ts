import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunProcess1764000005002 implements MigrationInterface {
  name = 'RunProcess1764000005002';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE run ADD COLUMN process_id uuid');
    await db.query(`
      CREATE INDEX run_unfinished ON run (process_id) WHERE state IN ('queued', 'building', 'running')`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE run DROP COLUMN process_id');
  }
}
