import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '../src/config/index.ts';
import { setLogLevel } from '../src/platform/logging/index.ts';
import { startApp } from '../src/server/create-app.ts';
import { createDatabase, type TestDatabase } from './database.ts';

const root = path.resolve(import.meta.dirname, '../../..');

export type TestApp = {
  readonly app: NestFastifyApplication;
  /** Origin of the listening server, for example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly database: TestDatabase;
  /** Signs in as a demo persona; resolves to the value of a Cookie header. */
  signIn(persona: string): Promise<string>;
  /** JSON over HTTP as a browser of this origin would send it. `path` begins with `/api`. */
  request(
    method: string,
    path: string,
    options?: { cookie?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<{ status: number; body: unknown; headers: Headers }>;
  /** Closes the application and, unless it was given, drops its database. */
  close(): Promise<void>;
};

/** The real application on port 0 with a database of its own, in demo mode unless `env` says otherwise. */
export async function startTestApp(
  options: { env?: Record<string, string>; database?: TestDatabase } = {},
): Promise<TestApp> {
  setLogLevel(process.env['TEST_LOG'] ?? 'fatal');
  const database = options.database ?? (await createDatabase());
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-app-'));
  const config = loadConfig(
    {
      XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
      PORT: '0',
      LINEAGE_DEMO: '1',
      LINEAGE_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      ...options.env,
    },
    root,
  );
  const running = await startApp(config);
  const request: TestApp['request'] = async (method, at, { cookie, body, headers } = {}) => {
    const answer = await fetch(running.url + at, {
      method,
      headers: {
        ...(cookie === undefined ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        origin: running.url,
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').includes('json');
    return {
      status: answer.status,
      body: isJson ? (JSON.parse(text) as unknown) : text,
      headers: answer.headers,
    };
  };
  return {
    app: running.app,
    url: running.url,
    database,
    request,
    async signIn(persona) {
      const answer = await request('POST', '/api/demo/sign-in', { body: { persona } });
      const cookie = answer.headers
        .getSetCookie()
        .map((c) => c.split(';')[0])
        .join('; ');
      if (answer.status !== 200 || cookie === '')
        throw new Error(`sign-in as ${persona} answered ${answer.status}`);
      return cookie;
    },
    async close() {
      await running.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
      if (options.database === undefined) await database.drop();
    },
  };
}
