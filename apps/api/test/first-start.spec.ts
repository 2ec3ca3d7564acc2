import { afterAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './app.ts';
import { createDatabase } from './database.ts';

const apps: TestApp[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

it('two that start at once on an empty database both let people in', { timeout: 60_000 }, async () => {
  const database = await createDatabase();
  const env = { LINEAGE_SECRET: 'two that start at once know each other' };
  apps.push(...(await Promise.all([0, 1].map(() => startTestApp({ database, env })))));
  for (const app of apps) {
    const cookie = await app.signIn('ana');
    const { status } = await app.request('GET', '/api/me', { cookie });
    expect(status).toBe(200);
  }
});
