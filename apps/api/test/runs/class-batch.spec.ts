import type { ClassBatch, ClassSession, Cohort, Lesson, RanForAll, Run } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { openDesk, program, type RunDesk, wait } from './run-desk.ts';

let desk: RunDesk;
let lead: string;
let classSessionId: string;
beforeAll(async () => {
  desk = await openDesk({ LINEAGE_RUN_SLOTS: '2' });
  lead = await desk.app.signIn('instructor');
  const read = async <T>(at: string): Promise<T> =>
    (await desk.app.request('GET', at, { cookie: lead })).body as T;
  const cohort = await read<Cohort>(`/api/cohorts/${desk.workspace.cohortId}`);
  classSessionId = cohort.classSessions[0]?.id ?? '';
  const lesson = await read<Lesson>(`/api/lessons/${desk.workspace.lessonId}`);
  const { state } = await read<ClassSession>(`/api/class-sessions/${classSessionId}`);
  if (state.state === 'scheduled') await command({ type: 'start' });
  await command({ type: 'move_to_step', lessonId: lesson.id, stepId: lesson.steps[0]?.id });
}, 90_000);
afterAll(() => desk.close());

const keyed = (at: string, body: unknown, cookie: string, key: string = newId<string>()) =>
  desk.app.request('POST', at, { cookie, body, headers: { 'idempotency-key': key } });
const command = (body: unknown) => keyed(`/api/class-sessions/${classSessionId}/commands`, body, lead);
const runForAll = async (cookie: string, key?: string, kind = 'run') =>
  (await keyed(`/api/class-sessions/${classSessionId}/runs`, { kind }, cookie, key)) as {
    status: number;
    body: RanForAll;
  };
const open = async (): Promise<number> => {
  const at = `/api/class-sessions/${classSessionId}/runs`;
  return ((await desk.app.request('GET', at, { cookie: lead })).body as ClassBatch).open;
};
const runsOf = async (): Promise<Run[]> =>
  (
    (await desk.app.request('GET', `/api/workspaces/${desk.workspace.id}/runs`, { cookie: lead })).body as {
      runs: Run[];
    }
  ).runs;

it(
  'runs what each group has, once for a key, and names those who have nothing',
  { timeout: 90_000 },
  async () => {
    await desk.write(program('\tfmt.Println("everybody")'));
    const [first, again] = [await runForAll(lead, 'all-at-once'), await runForAll(lead, 'all-at-once')];
    expect(first).toMatchObject({ status: 200, body: { started: 1 } });
    expect(first.body.skipped.every(({ reason }) => reason.startsWith('They have not opened'))).toBe(true);
    expect(first.body.skipped.length).toBeGreaterThan(0);
    expect(again.body.started).toBe(1);
    const runs = await runsOf();
    expect(runs).toHaveLength(1);
    await desk.ended(runs[0]?.id ?? '');
  },
);

it(
  'runs the kind that was asked for, and none that is not for all groups at once',
  { timeout: 90_000 },
  async () => {
    await desk.write(program('\tfmt.Println("on")'));
    for (const kind of ['check', 'test', 'vet']) {
      expect(await runForAll(lead, `all-of-${kind}`, kind)).toMatchObject({
        status: 200,
        body: { started: 1 },
      });
      expect((await runsOf())[0]?.kind).toBe(kind);
      await keyed(`/api/class-sessions/${classSessionId}/runs/cancel`, {}, lead);
      await expect.poll(open, wait).toBe(0);
    }
    const before = await runsOf();
    for (const kind of ['bench', 'race', 'format', 'build', 'cross'])
      expect(await runForAll(lead, `all-of-${kind}`, kind)).toMatchObject({ status: 400 });
    // A key is of one press, and that was for something else.
    expect(await runForAll(lead, 'all-of-vet', 'test')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
    expect(await runsOf()).toEqual(before);
  },
);

it('is for who leads the class', async () => {
  expect(await runForAll(desk.cookies.ana)).toMatchObject({ status: 403 });
  expect(await runForAll(desk.cookies.mentor)).toMatchObject({ status: 403 });
});

it('waits for the batch before it, or for whoever cancels that', { timeout: 90_000 }, async () => {
  await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
  const at = `/api/class-sessions/${classSessionId}/runs`;
  expect(await runForAll(lead, 'the-first-batch')).toMatchObject({ status: 200, body: { started: 1 } });
  expect(await open()).toBe(1);
  expect(await runForAll(lead)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  // The same one again is no other one.
  expect((await runForAll(lead, 'the-first-batch')).body.started).toBe(1);
  expect(await keyed(`${at}/cancel`, {}, desk.cookies.ana)).toMatchObject({ status: 403 });
  expect((await desk.app.request('GET', at, { cookie: desk.cookies.ana })).status).toBe(403);
  expect((await keyed(`${at}/cancel`, {}, lead)).status).toBe(200);
  await expect.poll(open, wait).toBe(0);
  expect((await runsOf())[0]?.state).toBe('cancelled');
  expect((await runForAll(lead, 'the-next-batch')).body.started).toBe(1);
  await keyed(`${at}/cancel`, {}, lead);
  await expect.poll(open, wait).toBe(0);
});

it('leaves the last slot to who presses Run', { timeout: 90_000 }, async () => {
  // One batch of two groups, on two slots.
  const { groups } = (
    await desk.app.request('GET', `/api/cohorts/${desk.workspace.cohortId}`, { cookie: lead })
  ).body as Cohort;
  const other = groups.find(({ id }) => id !== desk.workspace.groupId);
  const { exerciseId } = desk.workspace;
  expect((await keyed('/api/workspaces', { groupId: other?.id, exerciseId }, lead)).status).toBe(200);
  await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
  expect((await runForAll(lead)).body.started).toBe(2);
  const pressed = (await desk.press({ kind: 'run' })).body.id;
  await expect.poll(() => desk.output(pressed), wait).toBe('on\n');
  const batch = (await runsOf()).find(({ id, finishedAt }) => id !== pressed && finishedAt === null);
  expect(batch).toBeDefined();
  await keyed(`/api/class-sessions/${classSessionId}/runs/cancel`, {}, lead);
  await desk.post(`/api/runs/${pressed}/cancel`, {});
});
