import type { ClassSession, Cohort, Unwatch } from '@lineage/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DomainEvents } from '../src/platform/events/index.ts';
import { startTestApp, type TestApp } from './app.ts';
import { connect, type TestSocket } from './socket.ts';

const unknownId = '01a21017-2501-7046-b13c-d9811f81af38';
const wait = { timeout: 5_000, interval: 10 };

let app: TestApp;
let cookies: Record<'instructor' | 'ana' | 'chen' | 'mentor' | 'operator', string>;
let cohort: Cohort;
let classId: string;
let commands = 0;
const open: TestSocket[] = [];

beforeAll(async () => {
  app = await startTestApp();
  const [instructor, ana, chen, mentor, operator] = await Promise.all(
    ['instructor', 'ana', 'chen', 'mentor', 'operator'].map((persona) => app.signIn(persona)),
  );
  cookies = { instructor, ana, chen, mentor, operator } as typeof cookies;
  const { body } = await app.request('GET', '/api/cohorts', { cookie: cookies.instructor });
  const [summary] = (body as { cohorts: Cohort[] }).cohorts;
  cohort = (await app.request('GET', `/api/cohorts/${summary?.id}`, { cookie: cookies.instructor }))
    .body as Cohort;
  classId = await newClass();
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.io.close();
});
afterAll(() => app.close());

/** A class of its own, about the demo's lessons. */
async function newClass(): Promise<string> {
  const [demo] = cohort.classSessions;
  const made = await app.request('POST', `/api/cohorts/${cohort.id}/class-sessions`, {
    cookie: cookies.instructor,
    body: { title: 'Another', startsAt: '2026-12-01T09:00:00Z', lessonIds: demo?.lessonIds },
  });
  return (made.body as { id: string }).id;
}

function command(
  body: unknown,
  { cookie = cookies.instructor, key = `command-${(commands += 1)}`, id = classId } = {},
) {
  const headers = { 'idempotency-key': key };
  return app.request('POST', `/api/class-sessions/${id}/commands`, { cookie, body, headers });
}

async function firstStep(): Promise<{ lessonId: string; stepIds: string[] }> {
  const lessonId = cohort.classSessions[0]?.lessonIds[0] ?? '';
  const { body } = await app.request('GET', `/api/lessons/${lessonId}`, { cookie: cookies.ana });
  return { lessonId, stepIds: (body as { steps: { id: string }[] }).steps.map((step) => step.id) };
}

async function enter(who: keyof typeof cookies): Promise<TestSocket> {
  const socket = await connect(app.url, cookies[who]);
  open.push(socket);
  return socket;
}

const see = async (who: keyof typeof cookies): Promise<ClassSession> =>
  (await app.request('GET', `/api/class-sessions/${classId}`, { cookie: cookies[who] })).body as ClassSession;

describe('a class session', () => {
  it('is led by its instructor and by nobody else', async () => {
    expect((await command({ type: 'start' }, { cookie: cookies.ana })).status).toBe(403);
    expect((await command({ type: 'start' }, { cookie: cookies.mentor })).status).toBe(403);
    expect((await command({ type: 'start' }, { cookie: cookies.operator })).status).toBe(404);
    expect((await command({ type: 'start' }, { id: unknownId })).status).toBe(404);
    expect((await command({ type: 'end' })).body).toMatchObject({ code: 'conflict' });
  });

  it('carries out a repeated command once and answers it alike', async () => {
    const first = await command({ type: 'start' }, { key: 'the-start' });
    expect(first.body).toMatchObject({ state: 'live', seq: 1 });
    expect((await command({ type: 'start' }, { key: 'the-start' })).body).toEqual(first.body);
    expect(await command({ type: 'end' }, { key: 'the-start' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
    expect((await command({ type: 'start' })).status).toBe(409);
    const me = await app.request('GET', '/api/me', { cookie: cookies.ana });
    expect(me.body).toMatchObject({ liveClassSessionIds: [classId] });
  });

  it('moves only to steps of its agenda', async () => {
    const { lessonId } = await firstStep();
    const wrong = await command({ type: 'move_to_step', lessonId, stepId: 'nowhere' });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  });

  it('shows each person what they may see', async () => {
    const [led, learned, mentored] = [await see('instructor'), await see('ana'), await see('mentor')];
    expect(led).toMatchObject({ canLead: true, myRole: 'instructor', myGroupIds: [] });
    expect(led.cards.map((card) => card.name)).toEqual(['Amber', '青竹']);
    expect(learned).toMatchObject({ canLead: false, myRole: 'learner' });
    expect(learned.cards.map((card) => card.groupId)).toEqual(learned.myGroupIds);
    expect(mentored.cards).toHaveLength(2);
    expect(
      (await app.request('GET', `/api/class-sessions/${classId}`, { cookie: cookies.operator })).status,
    ).toBe(404);
  });
});

describe('the socket', () => {
  it('is closed to foreign sites and to who is not signed in', async () => {
    await expect(connect(app.url, null)).rejects.toThrow('unauthenticated');
    await expect(connect(app.url, cookies.ana, 'https://evil.example')).rejects.toThrow();
  });

  it('passes over what a page of the next release asks for beside what it knows', async () => {
    const socket = await enter('ana');
    const more = { ofTomorrow: true };
    expect(await socket.watch({ stream: 'class', id: classId, after: 0, ...more })).toEqual({ ok: true });
    const unwatch = { stream: 'class' as const, id: classId, ...more };
    expect(await socket.unwatch(unwatch as Unwatch)).toEqual({ ok: true });
  });

  it('refuses what is no watch, what may not be seen, and too much', async () => {
    const socket = await enter('ana');
    const refusals = [undefined, 'x', { stream: 'class' }, { stream: 'class', id: classId, after: -1 }];
    for (const request of refusals)
      expect(await socket.watch(request)).toMatchObject({ code: 'bad_request' });
    expect(await socket.watch({ stream: 'class', id: unknownId, after: 0 })).toMatchObject({
      code: 'not_found',
    });
    expect(await socket.watch({ stream: 'of tomorrow', id: classId, after: 0 })).toMatchObject({
      code: 'bad_request',
    });
    const outsider = await enter('operator');
    expect(await outsider.watch({ stream: 'class', id: classId, after: 0 })).toMatchObject({
      code: 'not_found',
    });
    const many = Array.from({ length: 80 }, () => socket.watch({ stream: 'workspace', id: unknownId }));
    const codes = (await Promise.all(many)).map((reply) => (reply.ok ? 'ok' : reply.code));
    expect(codes).toContain('too_many_requests');
    expect(await socket.watch({ stream: 'class', id: classId, after: 0 })).toEqual({ ok: true });
  });

  it('closes who sends more than a watch can be, and nobody else', async () => {
    const [socket, other] = [await enter('ana'), await enter('chen')];
    socket.io.emit('watch', { stream: 'run', id: 'x'.repeat(100_000), after: 0 } as never, () => undefined);
    await expect.poll(() => socket.io.connected, wait).toBe(false);
    expect(await other.watch({ stream: 'class', id: classId, after: 0 })).toEqual({ ok: true });
  });

  it('brings each step to all, and what was missed once and in order', async () => {
    const { lessonId, stepIds } = await firstStep();
    const all = await Promise.all((['instructor', 'ana', 'chen'] as const).map(enter));
    for (const socket of all) await socket.watch({ stream: 'class', id: classId, after: 0 });
    for (const stepId of stepIds)
      expect((await command({ type: 'move_to_step', lessonId, stepId })).status).toBe(200);
    const { seq } = (await see('ana')).state;
    const wanted = Array.from({ length: seq }, (_, at) => at + 1);
    for (const { heard } of all) {
      await expect.poll(() => heard.classEvents.map((event) => event.seq), wait).toEqual(wanted);
    }
    all[1]?.io.close();
    for (const stepId of stepIds) await command({ type: 'move_to_step', lessonId, stepId });
    const back = await enter('ana');
    await back.watch({ stream: 'class', id: classId, after: seq });
    await command({ type: 'move_to_step', lessonId, stepId: stepIds[0] ?? '' });
    const missed = Array.from({ length: stepIds.length + 1 }, (_, at) => seq + at + 1);
    await expect.poll(() => back.heard.classEvents.map((event) => event.seq), wait).toEqual(missed);
    // Asked again from the start, as after a gap: all of it, still in order.
    back.heard.classEvents.length = 0;
    await back.watch({ stream: 'class', id: classId, after: 0 });
    const whole = Array.from({ length: seq + missed.length }, (_, at) => at + 1);
    await expect.poll(() => back.heard.classEvents.map((event) => event.seq), wait).toEqual(whole);
  });

  it('says who is here, and shows it on the cards of those who may see them', async () => {
    const [lead, chen] = [await enter('instructor'), await enter('chen')];
    await lead.watch({ stream: 'class', id: classId, after: 0 });
    await chen.watch({ stream: 'class', id: classId, after: 0 });
    const ana = await enter('ana');
    await ana.watch({ stream: 'class', id: classId, after: 0 });
    const names = () =>
      lead.heard.people
        .at(-1)
        ?.map((person) => person.name)
        .sort();
    await expect.poll(names, wait).toEqual(['Ana Souza', '林清', '陈思远'].sort());
    const anaOnCard = () =>
      lead.heard.cards.findLast((card) => card.name === 'Amber')?.members.find((m) => m.name === 'Ana Souza')
        ?.present;
    await expect.poll(anaOnCard, wait).toBe(true);
    await ana.unwatch({ stream: 'class', id: classId });
    await expect.poll(anaOnCard, wait).toBe(false);
    expect(chen.heard.cards.filter((card) => card.name === 'Amber')).toEqual([]);
  });

  it('shows an opened workspace on the card', async () => {
    const lead = await enter('instructor');
    await lead.watch({ stream: 'class', id: classId, after: 0 });
    const groupId = cohort.groups.find((group) => group.name === '青竹')?.id;
    const { body: lesson } = await app.request('GET', `/api/lessons/${(await firstStep()).lessonId}`, {
      cookie: cookies.chen,
    });
    const opened = await app.request('POST', '/api/workspaces', {
      cookie: cookies.chen,
      body: { groupId, exerciseId: (lesson as { exercise: { id: string } }).exercise.id },
    });
    const { id } = opened.body as { id: string };
    await expect
      .poll(() => lead.heard.cards.findLast((card) => card.groupId === groupId)?.workspaceId, wait)
      .toBe(id);
  });

  it('ends at once for who signs out, and for who loses what they watch', async () => {
    const cookie = await app.signIn('dai');
    const [leaving, staying] = [await connect(app.url, cookie), await enter('chen')];
    expect((await app.request('POST', '/api/auth/sign-out', { cookie, body: {} })).status).toBe(200);
    await expect.poll(() => leaving.io.connected, wait).toBe(false);
    await expect(connect(app.url, cookie)).rejects.toThrow('unauthenticated');

    const group = cohort.groups.find(({ name }) => name === '青竹');
    const workspace = (await see('chen')).cards[0]?.workspaceId;
    expect(await staying.watch({ stream: 'workspace', id: workspace })).toEqual({ ok: true });
    const set = (memberIds: readonly string[] = []) =>
      app.request('PUT', `/api/groups/${group?.id}/members`, {
        cookie: cookies.instructor,
        body: { memberIds },
      });
    expect((await set([])).status).toBe(200);
    await expect.poll(() => staying.io.connected, wait).toBe(false);
    const again = await enter('chen');
    expect(await again.watch({ stream: 'workspace', id: workspace })).toMatchObject({ code: 'not_found' });
    expect((await set(group?.memberIds)).status).toBe(200);
    expect(await again.watch({ stream: 'workspace', id: workspace })).toEqual({ ok: true });
  });

  it('tells of an ended class, whose log stays', async () => {
    const ana = await enter('ana');
    await ana.watch({ stream: 'class', id: classId, after: 0 });
    expect((await command({ type: 'end' })).body).toMatchObject({ state: 'ended' });
    await expect.poll(() => ana.heard.classEvents.at(-1)?.body.type, wait).toBe('class.ended');
    expect((await command({ type: 'start' })).status).toBe(409);
    const { body } = await app.request('GET', `/api/class-sessions/${classId}/events`, {
      cookie: cookies.ana,
    });
    expect((body as { events: unknown[] }).events).toEqual(ana.heard.classEvents);
  });
});

it('goes on when somebody who listens fails', async () => {
  const stop = app.app.get(DomainEvents).on('class.happened', () => {
    throw new Error('a listener that fails');
  });
  const id = await newClass();
  expect((await command({ type: 'start' }, { id })).status).toBe(200);
  stop();
});

it('lets everybody go when the server stops', async () => {
  const other = await startTestApp();
  const socket = await connect(other.url, await other.signIn('ana'));
  await other.close();
  await expect.poll(() => socket.io.connected, wait).toBe(false);
});
