import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Cohorts1764000001001 implements MigrationInterface {
  name = 'Cohorts1764000001001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE cohort (
        id uuid CONSTRAINT cohort_pkey PRIMARY KEY,
        title text NOT NULL,
        starts_on date NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await db.query(`
      CREATE TABLE cohort_membership (
        cohort_id uuid NOT NULL CONSTRAINT cohort_membership_cohort REFERENCES cohort ON DELETE CASCADE,
        account_id text NOT NULL,
        role text NOT NULL,
        joined_at timestamptz NOT NULL,
        CONSTRAINT cohort_membership_pkey PRIMARY KEY (cohort_id, account_id)
      )`);
    await db.query('CREATE INDEX cohort_membership_of_account ON cohort_membership (account_id)');
    await db.query(`
      CREATE TABLE cohort_group (
        id uuid CONSTRAINT cohort_group_pkey PRIMARY KEY,
        cohort_id uuid NOT NULL CONSTRAINT cohort_group_cohort REFERENCES cohort ON DELETE CASCADE,
        name text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await db.query('CREATE INDEX cohort_group_of_cohort ON cohort_group (cohort_id)');
    await db.query(`
      CREATE TABLE cohort_group_member (
        group_id uuid NOT NULL CONSTRAINT cohort_group_member_group REFERENCES cohort_group ON DELETE CASCADE,
        account_id text NOT NULL,
        CONSTRAINT cohort_group_member_pkey PRIMARY KEY (group_id, account_id)
      )`);
    await db.query('CREATE INDEX cohort_group_member_of_account ON cohort_group_member (account_id)');
    await db.query(`
      CREATE TABLE cohort_invitation (
        token_hash bytea CONSTRAINT cohort_invitation_pkey PRIMARY KEY,
        cohort_id uuid NOT NULL CONSTRAINT cohort_invitation_cohort REFERENCES cohort ON DELETE CASCADE,
        group_id uuid CONSTRAINT cohort_invitation_group REFERENCES cohort_group ON DELETE CASCADE,
        role text NOT NULL,
        expires_at timestamptz NOT NULL,
        max_uses integer NOT NULL,
        uses integer NOT NULL,
        created_by text NOT NULL
      )`);
    await db.query(`
      CREATE TABLE class_session (
        id uuid CONSTRAINT class_session_pkey PRIMARY KEY,
        cohort_id uuid NOT NULL CONSTRAINT class_session_cohort REFERENCES cohort ON DELETE CASCADE,
        title text NOT NULL,
        starts_at timestamptz NOT NULL,
        lesson_ids jsonb NOT NULL,
        state text NOT NULL,
        created_by text NOT NULL
      )`);
    await db.query('CREATE INDEX class_session_of_cohort ON class_session (cohort_id, starts_at)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE class_session');
    await db.query('DROP TABLE cohort_invitation');
    await db.query('DROP TABLE cohort_group_member');
    await db.query('DROP TABLE cohort_group');
    await db.query('DROP TABLE cohort_membership');
    await db.query('DROP TABLE cohort');
  }
}
