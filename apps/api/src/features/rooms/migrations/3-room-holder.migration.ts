import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RoomHolder1764000004003 implements MigrationInterface {
  name = 'RoomHolder1764000004003';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE room_lease ADD COLUMN process_id uuid');
    await db.query('CREATE INDEX room_lease_of_process ON room_lease (process_id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE room_lease DROP COLUMN process_id');
  }
}
