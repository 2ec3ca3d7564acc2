import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { startTestApp, type TestApp } from './app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

it('has migrations that make exactly what the entities say', async () => {
  const { upQueries } = await app.app.get(DataSource).driver.createSchemaBuilder().log();
  expect(upQueries.map((statement) => statement.query)).toEqual([]);
});

it('takes every migration back and does it again', async () => {
  const dataSource = app.app.get(DataSource);
  const count = dataSource.migrations.length;
  for (let undone = 0; undone < count; undone++) await dataSource.undoLastMigration();
  expect(await dataSource.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([
    { tablename: 'schema_migration' },
  ]);
  expect(await dataSource.runMigrations()).toHaveLength(count);
});
