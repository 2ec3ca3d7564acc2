import type { ClassSession, Cohort, Lesson, RanForAll, Run } from '@lineage/contracts';
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
const runForAll = async (cookie: string, key?: string) =>
  (await keyed(`/api/class-sessions/${classSessionId}/runs`, { kind: 'run' }, cookie, key)) as {
    status: number;
    body: RanForAll;
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

it('is for who leads the class', async () => {
  expect(await runForAll(desk.cookies.ana)).toMatchObject({ status: 403 });
  expect(await runForAll(desk.cookies.mentor)).toMatchObject({ status: 403 });
});

it('leaves the last slot to who presses Run', { timeout: 90_000 }, async () => {
  await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
  const batch = await Promise.all([runForAll(lead), runForAll(lead), runForAll(lead)]);
  expect(batch.map(({ body }) => body.started)).toEqual([1, 1, 1]);
  const pressed = (await desk.press({ kind: 'run' })).body.id;
  await expect.poll(() => desk.output(pressed), wait).toBe('on\n');
  const others = (await runsOf()).filter(({ id, finishedAt }) => id !== pressed && finishedAt === null);
  expect(others).toHaveLength(3);
  await expect
    .poll(async () => (await runsOf()).filter(({ state }) => state === 'running').length, wait)
    .toBe(2);
  for (const { id } of [...others, { id: pressed }]) await desk.post(`/api/runs/${id}/cancel`, {});
});
