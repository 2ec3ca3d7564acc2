import type { DataSource } from 'typeorm';

/** Arbitrary, fixed for ever: whoever holds this advisory lock migrates. */
const MIGRATION_LOCK = 4_600_190_001;

/**
 * Brings the database up to date; of many callers at once one does the work and the others wait for it.
 * `others` are schemas of libraries which have to be there before the application is built.
 */
export async function migrate(
  dataSource: DataSource,
  others: ReadonlyArray<() => Promise<void>>,
): Promise<void> {
  const lock = dataSource.createQueryRunner();
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    for (const other of others) await other();
    await dataSource.runMigrations();
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
  }
}
