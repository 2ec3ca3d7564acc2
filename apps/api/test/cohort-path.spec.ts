import { routes, type Cohort, type RouteName, type RouteResponse } from '@lineage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FirstOwner } from '../src/features/identity/index.ts';
import { startTestApp, type TestApp } from './app.ts';

const password = 'a long enough one';
const unknownId = '01a21017-2501-7046-b13c-d9811f81af38';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ env: { LINEAGE_DEMO: '0' } });
});
afterAll(() => app.close());

/** Asks one route of the contract and checks the answer against it. */
async function ask<N extends RouteName>(
  name: N,
  {
    cookie,
    body,
    at = {},
    key = 'key-of-a-command',
  }: { cookie?: string; body?: unknown; at?: Record<string, string>; key?: string },
): Promise<RouteResponse<N>> {
  const path = routes[name].path.replace(/:(\w+)/g, (_, param: string) => at[param] ?? '');
  const answer = await app.request(routes[name].method, `/api${path}`, {
    ...(cookie === undefined ? {} : { cookie }),
    ...(body === undefined ? {} : { body }),
    headers: { 'idempotency-key': key },
  });
  expect(answer.body).not.toHaveProperty('code');
  const schema = routes[name].response;
  if (schema === null) throw new Error(`${name} answers nothing`);
  return schema.parse(answer.body) as RouteResponse<N>;
}

const cookieOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ');

async function signUp(name: string): Promise<string> {
  const email = `${name.toLowerCase()}@example.org`;
  const made = await app.request('POST', '/api/auth/sign-up/email', { body: { name, email, password } });
  expect(made.status).toBe(200);
  return cookieOf(made.headers);
}

const tokenIn = (url: string): string => new URL(url).hash.slice(1);

describe('from an empty instance to a workspace', () => {
  let owner: string, instructor: string, learner: string, stranger: string;
  let cohort: Cohort;
  let groupId: string;
  let exerciseId: string;

  beforeAll(async () => {
    const token = await app.app.get(FirstOwner).issueToken();
    const made = await app.request('POST', '/api/setup/owner', {
      body: { token, name: 'Olu', email: 'olu@example.org', password },
    });
    owner = cookieOf(made.headers);
    [instructor, learner, stranger] = [await signUp('Ines'), await signUp('Lev'), await signUp('Sam')];
  });

  it('lets the owner make a cohort, and nobody else', async () => {
    const body = { title: 'Go from the inside', startsOn: '2026-12-01' };
    cohort = await ask('createCohort', { cookie: owner, body });
    expect(cohort).toMatchObject({ ...body, myRole: null, members: [], groups: [], classSessions: [] });
    const refused = await app.request('POST', '/api/cohorts', { cookie: learner, body });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('invites by a link whose token is in the fragment alone', async () => {
    const at = { cohortId: cohort.id };
    const { url } = await ask('createInvitation', {
      cookie: owner,
      at,
      body: { role: 'instructor', maxUses: 1 },
    });
    expect(url.startsWith(`${app.url}/join#`)).toBe(true);
    const body = { token: tokenIn(url) };
    expect(await ask('previewInvitation', { body })).toEqual({
      cohortTitle: cohort.title,
      role: 'instructor',
      groupName: null,
    });
    expect(await ask('acceptInvitation', { cookie: instructor, body })).toEqual({ cohortId: cohort.id });
    const used = await app.request('POST', '/api/invitations/accept', { cookie: stranger, body });
    expect(used).toMatchObject({ status: 410, body: { code: 'invitation_expired' } });
    // Who is in already is in, however often the link is opened.
    expect(await ask('acceptInvitation', { cookie: instructor, body })).toEqual({ cohortId: cohort.id });
    const wrong = await app.request('POST', '/api/invitations/preview', { body: { token: 'x'.repeat(43) } });
    expect(wrong.status).toBe(404);
  });

  it('lets the instructor make a group and invite a learner into it', async () => {
    const at = { cohortId: cohort.id };
    groupId = (await ask('createGroup', { cookie: instructor, at, body: { name: 'Amber' } })).id;
    const { url } = await ask('createInvitation', {
      cookie: instructor,
      at,
      body: { role: 'learner', groupId },
    });
    await ask('acceptInvitation', { cookie: learner, body: { token: tokenIn(url) } });
    const me = await ask('getMe', { cookie: learner });
    expect(me.memberships).toEqual([
      { cohortId: cohort.id, cohortTitle: cohort.title, role: 'learner', groupIds: [groupId] },
    ]);
    const instructorId = (await ask('getMe', { cookie: instructor })).account.id;
    const wrong = await app.request('PUT', `/api/groups/${groupId}/members`, {
      cookie: instructor,
      body: { memberIds: [instructorId] },
    });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  });

  it('schedules a class about lessons that exist', async () => {
    const { chapters } = await ask('getCatalog', { cookie: instructor });
    const lessons = chapters.flatMap((chapter) => chapter.lessons);
    exerciseId = lessons[0]?.exerciseId ?? '';
    const body = {
      title: 'First class',
      startsAt: '2026-12-01T09:00:00Z',
      lessonIds: lessons.map((l) => l.id),
    };
    const at = { cohortId: cohort.id };
    const made = await ask('createClassSession', { cookie: instructor, at, body });
    expect(made).toMatchObject({ title: body.title, state: 'scheduled', lessonIds: body.lessonIds });
    const unknown = await app.request('POST', `/api/cohorts/${cohort.id}/class-sessions`, {
      cookie: instructor,
      body: { ...body, lessonIds: ['9.9-nothing'] },
    });
    expect(unknown.status).toBe(404);
    expect((await ask('getCohort', { cookie: learner, at })).classSessions).toEqual([made]);
  });

  it('gives the group one workspace, whoever opens it', async () => {
    const body = { groupId, exerciseId };
    const first = await ask('openWorkspace', { cookie: learner, body });
    const second = await ask('openWorkspace', { cookie: instructor, body });
    expect(second.id).toBe(first.id);
    expect([first.myRoomRole, second.myRoomRole]).toEqual(['driver', 'lead']);
  });

  it('does not exist for whoever has no part in it', async () => {
    const at = `/api/cohorts/${cohort.id}`;
    const answers = await Promise.all([
      app.request('GET', at, { cookie: stranger }),
      app.request('POST', `${at}/invitations`, { cookie: stranger, body: { role: 'instructor' } }),
      app.request('POST', `${at}/groups`, { cookie: stranger, body: { name: 'Mine' } }),
      app.request('PUT', `/api/groups/${groupId}/members`, { cookie: stranger, body: { memberIds: [] } }),
      app.request('POST', '/api/workspaces', { cookie: stranger, body: { groupId, exerciseId } }),
      app.request('GET', `/api/cohorts/${unknownId}`, { cookie: owner }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404, 404]);
    expect((await ask('listCohorts', { cookie: stranger })).cohorts).toEqual([]);
    expect((await ask('listCohorts', { cookie: owner })).cohorts).toMatchObject([{ memberCount: 2 }]);
  });

  it('lets a learner look at the cohort and change nothing', async () => {
    const at = `/api/cohorts/${cohort.id}`;
    const answers = await Promise.all([
      app.request('POST', `${at}/invitations`, { cookie: learner, body: { role: 'learner' } }),
      app.request('POST', `${at}/groups`, { cookie: learner, body: { name: 'Mine' } }),
      app.request('PUT', `/api/groups/${groupId}/members`, { cookie: learner, body: { memberIds: [] } }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403]);
  });
});
