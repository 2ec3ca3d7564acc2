import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Identity1764000000001 implements MigrationInterface {
  name = 'Identity1764000000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE programme_role (
        account_id text NOT NULL,
        role text NOT NULL,
        PRIMARY KEY (account_id, role)
      )`);
    await db.query(`
      CREATE TABLE first_owner_link (
        token_hash bytea PRIMARY KEY,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE first_owner_link');
    await db.query('DROP TABLE programme_role');
  }
}
