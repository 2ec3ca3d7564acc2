import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LOGIN_LIBRARY, type LoginLibrary } from '../src/features/identity/login-library.ts';
import { startTestApp, type TestApp } from './app.ts';

let app: TestApp;
let instructor: string;
beforeAll(async () => {
  app = await startTestApp();
  instructor = await app.signIn('instructor');
});
afterAll(() => app.close());

const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${app.url}/api/cohorts`, {
    method: 'POST',
    headers: { cookie: instructor, origin: app.url, 'content-type': 'application/json', ...headers },
    body,
  });

describe('a request that is not as it has to be', () => {
  it('is refused as a problem, with a code and a request id', async () => {
    const malformed = await post('{"title": ');
    expect(malformed.status).toBe(400);
    expect(malformed.headers.get('content-type')).toContain('application/problem+json');
    expect(await malformed.json()).toMatchObject({ code: 'bad_request', requestId: expect.any(String) });
  });

  it('says which fields are wrong', async () => {
    const wrong = await post(JSON.stringify({ title: '', startsOn: 'soon', extra: 1 }));
    expect(wrong.status).toBe(400);
    const { problems } = (await wrong.json()) as { problems: { path: string }[] };
    expect(problems.map((problem) => problem.path)).toEqual(expect.arrayContaining(['title', 'startsOn']));
  });

  it('is refused when it is too large, from another site, or no JSON', async () => {
    const large = await post(JSON.stringify({ title: 'x'.repeat(300_000), startsOn: '2026-12-01' }));
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'too_large' }]);
    const foreign = await post('{}', { origin: 'https://evil.example' });
    expect([foreign.status, await foreign.json()]).toMatchObject([403, { code: 'forbidden_origin' }]);
    const form = await post('title=x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.status).toBeGreaterThanOrEqual(400);
    expect(form.status).toBeLessThan(500);
    const id = await app.request('GET', '/api/cohorts/not-an-id', { cookie: instructor });
    expect(id.status).toBe(400);
  });
});

describe('a login', () => {
  it('ends when it has run out', async () => {
    const cookie = await app.signIn('ana');
    expect((await app.request('GET', '/api/me', { cookie })).status).toBe(200);
    await app.app.get(DataSource)
      .query(`UPDATE auth."session" SET "expiresAt" = now() - interval '1 minute' WHERE "userId" =
        (SELECT id FROM auth."user" WHERE email = 'ana@demo.invalid')`);
    const ended = await app.request('GET', '/api/me', { cookie });
    expect(ended).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('is read without the library until it needs to be renewed, and not when it is gone', async () => {
    const cookie = await app.signIn('bo');
    const me = async (): Promise<number> => (await app.request('GET', '/api/me', { cookie })).status;
    const asked = vi.spyOn(app.app.get<LoginLibrary>(LOGIN_LIBRARY).auth.api, 'getSession');
    expect([await me(), asked.mock.calls.length]).toEqual([200, 0]);
    const own = `"userId" = (SELECT id FROM auth."user" WHERE email = 'bo@demo.invalid')`;
    const db = app.app.get(DataSource);
    await db.query(`UPDATE auth."session" SET "expiresAt" = now() + interval '12 days' WHERE ${own}`);
    expect([await me(), asked.mock.calls.length]).toEqual([200, 1]);
    const left = await db.query(
      `SELECT count(*)::int FROM auth."session" WHERE "expiresAt" < now() + interval '13 days' AND ${own}`,
    );
    expect(left).toEqual([{ count: 0 }]);
    await db.query(`DELETE FROM auth."session" WHERE ${own}`);
    expect(await me()).toBe(401);
    asked.mockRestore();
  });

  it('is not believed when its cookie was made up', async () => {
    const forged = instructor.replace(/=.*/, `=${'a'.repeat(32)}.${encodeURIComponent('b'.repeat(43))}%3D`);
    expect((await app.request('GET', '/api/me', { cookie: forged })).status).toBe(401);
  });
});

describe('the demo', () => {
  it('has a door for each kind of person', async () => {
    const { body } = await app.request('GET', '/api/demo');
    const { personas } = body as { personas: { persona: string; role: string; groupName: string | null }[] };
    expect(personas.map(({ persona }) => persona)).toEqual([
      'instructor',
      'ana',
      'bo',
      'chen',
      'dai',
      'mentor',
      'owner',
      'operator',
    ]);
    for (const { persona } of personas) await app.signIn(persona);
    const unknown = await app.request('POST', '/api/demo/sign-in', { body: { persona: 'nobody' } });
    expect(unknown.status).toBe(404);
  });

  it('listens on loopback only', async () => {
    for (const env of [{ HOST: '0.0.0.0' }, { PUBLIC_URL: 'https://lineage.example.org' }]) {
      await expect(startTestApp({ database: app.database, env })).rejects.toThrow('demo');
    }
  });

  it('has the same cohort and class after another start', async () => {
    const before = await app.request('GET', '/api/cohorts', { cookie: instructor });
    const again = await startTestApp({ database: app.database });
    try {
      const cookie = await again.signIn('instructor');
      const after = await again.request('GET', '/api/cohorts', { cookie });
      expect(after.body).toEqual(before.body);
      expect(after.body).toMatchObject({ cohorts: [{ memberCount: 6 }] });
    } finally {
      await again.close();
    }
  });
});
