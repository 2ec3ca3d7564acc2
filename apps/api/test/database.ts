import pg from 'pg';
import { inject } from 'vitest';
import { newId } from '../src/platform/ids/index.ts';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** An empty database of the test server, or of another one. */
export async function createDatabase(adminUrl = inject('adminUrl')): Promise<TestDatabase> {
  const name = `test_${newId<string>().replaceAll('-', '')}`;
  await administer(adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
