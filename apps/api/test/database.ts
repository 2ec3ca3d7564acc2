import pg from 'pg';
import { inject } from 'vitest';
import { newId } from '../src/platform/ids/index.ts';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** An empty database of the test server. */
export function createDatabase(): Promise<TestDatabase> {
  return create('');
}

/** Another database with everything that is in this one, to which nobody may be connected. */
export function copyDatabase({ url }: TestDatabase): Promise<TestDatabase> {
  return create(` TEMPLATE ${new URL(url).pathname.slice(1)}`);
}

async function create(from: string): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const name = `test_${newId<string>().replaceAll('-', '')}`;
  await administer(adminUrl, `CREATE DATABASE ${name}${from}`);
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
