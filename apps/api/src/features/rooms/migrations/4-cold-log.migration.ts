import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ColdLog1764000004004 implements MigrationInterface {
  name = 'ColdLog1764000004004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE room_cold_update (
        LIKE room_update INCLUDING STORAGE,
        CONSTRAINT room_cold_update_pkey PRIMARY KEY (workspace_id, epoch, seq)
      )`);
    await db.query(`
      CREATE VIEW room_log AS
        SELECT workspace_id, epoch, seq, account_id, "update", at FROM room_update
        UNION ALL SELECT workspace_id, epoch, seq, account_id, "update", at FROM room_cold_update`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP VIEW room_log');
    await db.query('INSERT INTO room_update SELECT * FROM room_cold_update');
    await db.query('DROP TABLE room_cold_update');
  }
}
