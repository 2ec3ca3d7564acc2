import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ArtifactLinks1764000006002 implements MigrationInterface {
  name = 'ArtifactLinks1764000006002';

  async up(db: QueryRunner): Promise<void> {
    // Links live a day, and nobody is named as the maker of those of before: they are made again.
    await db.query('DELETE FROM artifact_link');
    await db.query(`
      ALTER TABLE artifact_link
        ADD COLUMN id uuid NOT NULL CONSTRAINT artifact_link_id UNIQUE,
        ADD COLUMN created_by text NOT NULL,
        ADD COLUMN created_at timestamptz NOT NULL`);
    await db.query('CREATE INDEX artifact_link_of_artifact ON artifact_link (artifact_id)');
    // Whether a content is still used is asked by its hash.
    await db.query('CREATE INDEX artifact_of_content ON artifact (sha256)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX artifact_of_content');
    await db.query('DROP INDEX artifact_link_of_artifact');
    await db.query(
      'ALTER TABLE artifact_link DROP COLUMN created_at, DROP COLUMN created_by, DROP COLUMN id',
    );
  }
}
