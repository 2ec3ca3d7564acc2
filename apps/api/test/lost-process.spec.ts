// A process that is cut off in the middle of a transaction (its pod is pulled out, its machine loses power) closes no
// connection: only PostgreSQL can find out that nobody is there any more.
import type { Cohort } from '@lineage/contracts';
import { DataSource, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './app.ts';

let app: TestApp;
let instructor: string;
let cohort: Cohort;
let silent: QueryRunner;

beforeAll(async () => {
  app = await startTestApp();
  instructor = await app.signIn('instructor');
  const { cohorts } = (await app.request('GET', '/api/cohorts', { cookie: instructor })).body as {
    cohorts: Cohort[];
  };
  cohort = (await app.request('GET', `/api/cohorts/${cohorts[0]?.id}`, { cookie: instructor }))
    .body as Cohort;
  silent = app.app.get(DataSource).createQueryRunner();
});
afterAll(async () => {
  await silent.release();
  await app.close();
});

it('holds a class up for a moment only', async () => {
  const id = cohort.classSessions[0]?.id ?? '';
  await silent.startTransaction();
  const locked: unknown[] = await silent.query('SELECT 1 FROM class_session WHERE id = $1 FOR UPDATE', [id]);
  expect(locked).toHaveLength(1);
  // Here it says nothing more.
  const answer = await app.request('POST', `/api/class-sessions/${id}/commands`, {
    cookie: instructor,
    body: { type: 'start' },
    headers: { 'idempotency-key': 'the-first-start' },
  });
  expect(answer.body).toMatchObject({ state: 'live' });
  await expect(silent.commitTransaction()).rejects.toThrow();
}, 30_000);

it('is noticed by the server of the database itself', async () => {
  const rows: { name: string; setting: string }[] = await app.app
    .get(DataSource)
    .query("SELECT name, setting FROM pg_settings WHERE name LIKE 'tcp_keepalives%' ORDER BY name");
  expect(rows).toEqual([
    { name: 'tcp_keepalives_count', setting: '3' },
    { name: 'tcp_keepalives_idle', setting: '10' },
    { name: 'tcp_keepalives_interval', setting: '5' },
  ]);
});
