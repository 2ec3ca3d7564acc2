import type {
  ClassSession,
  Cohort,
  CommandedGroups,
  Lesson,
  RoomControlView,
  Workspace,
} from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { startTestApp, type TestApp } from '../app.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let app: TestApp;
let lead: string;
let ana: string;
let classSessionId: string;
let workspace: Workspace;
let others: string[];

beforeAll(async () => {
  database = await createDatabase();
  app = await startTestApp({ database });
  [lead, ana] = [await app.signIn('instructor'), await app.signIn('ana')];
  const read = async <T>(at: string): Promise<T> =>
    (await app.request('GET', at, { cookie: lead })).body as T;
  const { cohorts } = await read<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await read<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await read<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  classSessionId = cohort.classSessions[0]?.id ?? '';
  others = cohort.groups.slice(1).map(({ name }) => name);
  const { state } = await read<ClassSession>(`/api/class-sessions/${classSessionId}`);
  if (state.state === 'scheduled') await post('commands', { type: 'start' }, lead);
  await post('commands', { type: 'move_to_step', lessonId: lesson.id, stepId: lesson.steps[0]?.id }, lead);
  const body = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  workspace = (await app.request('POST', '/api/workspaces', { cookie: ana, body })).body as Workspace;
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const post = (what: string, body: unknown, cookie: string, key: string = newId<string>()) =>
  app.request('POST', `/api/class-sessions/${classSessionId}/${what}`, {
    cookie,
    body,
    headers: { 'idempotency-key': key },
  });
const control = async (): Promise<RoomControlView> =>
  (await app.request('GET', `/api/workspaces/${workspace.id}/room`, { cookie: ana })).body as RoomControlView;

it('has one of each group write, or all, and names the groups that it did not reach', async () => {
  const drive = await post('rooms/commands', { type: 'drive' }, lead, 'one-writes');
  expect(drive.status).toBe(200);
  const { reached, skipped } = drive.body as CommandedGroups;
  expect(reached).toBe(1);
  expect(skipped.map(({ name }) => name)).toEqual(others);
  expect(await control()).toMatchObject({
    mode: 'driver',
    driver: null,
    heldByLead: true,
    myRole: 'navigator',
  });
  // The same command again is no other one, and changes nothing.
  const { seq } = await control();
  expect(await post('rooms/commands', { type: 'drive' }, lead, 'one-writes')).toMatchObject({ status: 200 });
  expect(await control()).toMatchObject({ seq });
  expect((await post('rooms/commands', { type: 'free' }, lead)).body).toMatchObject({ reached: 1 });
  expect(await control()).toMatchObject({ mode: 'free', myRole: 'driver' });
});

it('is for who leads the class', async () => {
  expect(await post('rooms/commands', { type: 'drive' }, ana)).toMatchObject({ status: 403 });
  expect(await post('rooms/commands', { type: 'drive' }, await app.signIn('mentor'))).toMatchObject({
    status: 403,
  });
  expect(await post('rooms/commands', { type: 'ask' }, lead)).toMatchObject({ status: 400 });
  expect(await control()).toMatchObject({ mode: 'free' });
});
