import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Branches1764000003002 implements MigrationInterface {
  name = 'Branches1764000003002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE workspace
        ADD branch_of uuid,
        ADD branch_epoch integer,
        ADD branch_seq integer,
        ADD branch_key text,
        DROP CONSTRAINT workspace_one_per_exercise`);
    await db.query(
      'CREATE UNIQUE INDEX workspace_one_per_exercise ON workspace (group_id, exercise_id) WHERE branch_of IS NULL',
    );
    await db.query('CREATE INDEX workspace_branches ON workspace (branch_of)');
    await db.query(
      'CREATE UNIQUE INDEX workspace_one_per_key ON workspace (branch_of, created_by, branch_key)',
    );
  }

  /** Without branches there is no place for them. */
  async down(db: QueryRunner): Promise<void> {
    await db.query('DELETE FROM workspace WHERE branch_of IS NOT NULL');
    for (const index of ['workspace_one_per_key', 'workspace_branches', 'workspace_one_per_exercise']) {
      await db.query(`DROP INDEX ${index}`);
    }
    await db.query(`
      ALTER TABLE workspace
        ADD CONSTRAINT workspace_one_per_exercise UNIQUE (group_id, exercise_id),
        DROP branch_of, DROP branch_epoch, DROP branch_seq, DROP branch_key`);
  }
}
