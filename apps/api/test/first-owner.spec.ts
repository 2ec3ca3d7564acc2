import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FirstOwner } from '../src/features/identity/index.ts';
import { startTestApp, type TestApp } from './app.ts';

describe('an instance without the demo', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ env: { LINEAGE_DEMO: '0' } });
  });
  afterAll(() => app.close());

  const account = { name: '林 清', email: 'lin@example.org', password: 'a long enough one' };

  it('says that it needs an owner and refuses everybody', async () => {
    expect((await app.request('GET', '/api/instance')).body).toMatchObject({ demo: false, needsOwner: true });
    expect((await app.request('GET', '/api/me')).status).toBe(401);
    expect((await app.request('GET', '/api/demo')).status).toBe(404);
    expect((await app.request('POST', '/api/demo/sign-in', { body: { persona: 'owner' } })).status).toBe(404);
  });

  it('makes the first owner by a link that works once', async () => {
    const token = await app.app.get(FirstOwner).issueToken();
    const body = { token, ...account };
    const made = await app.request('POST', '/api/setup/owner', { body });
    expect(made.body).toMatchObject({
      programmeRoles: ['owner'],
      account: { name: account.name, initials: '林清' },
    });
    const again = await app.request('POST', '/api/setup/owner', {
      body: { ...body, email: 'two@example.org' },
    });
    expect(again).toMatchObject({ status: 410, body: { code: 'gone' } });
  });

  it('lets the owner in by password, keeps the login and ends it', async () => {
    const { email, password } = account;
    const wrong = await app.request('POST', '/api/auth/sign-in/email', {
      body: { email, password: 'not the one at all' },
    });
    expect(wrong.status).toBe(401);
    const right = await app.request('POST', '/api/auth/sign-in/email', { body: { email, password } });
    const cookie = right.headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ');
    expect(right.headers.getSetCookie().join()).toContain('HttpOnly');
    expect((await app.request('GET', '/api/me', { cookie })).status).toBe(200);
    expect((await app.request('POST', '/api/auth/sign-out', { cookie, body: {} })).status).toBe(200);
    expect((await app.request('GET', '/api/me', { cookie })).status).toBe(401);
  });

  it('refuses a state-changing request of another site, and an unknown token', async () => {
    const foreign = await app.request('POST', '/api/setup/owner', {
      body: { token: 'x'.repeat(43), ...account, email: 'x@example.org' },
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign).toMatchObject({ status: 403, body: { code: 'forbidden_origin' } });
    const signIn = await app.request('POST', '/api/auth/sign-in/email', {
      body: { email: account.email, password: account.password },
      headers: { origin: 'https://evil.example' },
    });
    expect(signIn.status).toBe(403);
  });
});
