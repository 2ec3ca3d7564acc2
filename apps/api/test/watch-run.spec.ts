import type { Cohort, Run, Workspace } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './app.ts';
import { openWorkspace } from './runs/run-desk.ts';
import { connect, type TestSocket } from './socket.ts';

/** The first build of a server compiles what later ones find. */
const wait = { timeout: 90_000, interval: 50 };

let app: TestApp;
let ana: string;
let workspace: Workspace;
let classId: string;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  app = await startTestApp();
  ana = await app.signIn('ana');
  workspace = await openWorkspace(app, ana);
  const at = `/api/cohorts/${workspace.cohortId}`;
  const { classSessions } = (await app.request('GET', at, { cookie: ana })).body as Cohort;
  classId = classSessions[0]?.id ?? '';
}, 120_000);
afterAll(async () => {
  for (const { io } of sockets) io.close();
  await app.close();
});

async function enter(persona: string): Promise<TestSocket> {
  const socket = await connect(app.url, await app.signIn(persona));
  sockets.push(socket);
  return socket;
}

it(
  'shows a run to its group and to the class, to who comes late and to who comes back',
  { timeout: 120_000 },
  async () => {
    const [bo, lead, chen] = [await enter('bo'), await enter('instructor'), await enter('chen')];
    const changes: Run[] = [];
    bo.io.on('workspace.run', ({ run }) => changes.push(run));
    await bo.watch({ stream: 'workspace', id: workspace.id });
    await lead.watch({ stream: 'class', id: classId, after: 0 });
    const started = await app.request('POST', `/api/workspaces/${workspace.id}/runs`, {
      cookie: ana,
      body: { kind: 'run' },
      headers: { 'idempotency-key': 'one-run-to-watch' },
    });
    expect(started.status).toBe(200);
    const { id } = started.body as Run;
    expect(await bo.watch({ stream: 'run', id, after: 0 })).toEqual({ ok: true });
    expect(await chen.watch({ stream: 'run', id, after: 0 })).toMatchObject({ code: 'not_found' });
    await expect.poll(() => bo.heard.runEvents.at(-1)?.body.type, wait).toBe('end');

    const whole = bo.heard.runEvents;
    expect(whole.at(-1)?.body).toMatchObject({ verdict: 'passed' });
    expect(whole.map((event) => event.seq)).toEqual(whole.map((_, at) => at + 1));
    const late = await enter('mentor');
    await late.watch({ stream: 'run', id, after: 0 });
    await expect.poll(() => late.heard.runEvents, wait).toEqual(whole);
    bo.io.close();
    const back = await enter('bo');
    await back.watch({ stream: 'run', id, after: 2 });
    await expect.poll(() => back.heard.runEvents, wait).toEqual(whole.slice(2));
    const listed = await app.request('GET', `/api/runs/${id}/events`, { cookie: ana });
    expect(listed.body).toEqual({ events: whole });

    expect(changes.every((run) => run.id === id && run.workspaceId === workspace.id)).toBe(true);
    const card = () => lead.heard.cards.findLast(({ groupId }) => groupId === workspace.groupId)?.lastRun;
    await expect.poll(() => card()?.state, wait).toBe(changes.at(-1)?.state);
    expect(card()).toMatchObject({ id, kind: 'run' });
  },
);

it('puts a profile on the card, for the class to open', { timeout: 120_000 }, async () => {
  const lead = await enter('instructor');
  await lead.watch({ stream: 'class', id: classId, after: 0 });
  const started = await app.request('POST', `/api/workspaces/${workspace.id}/runs`, {
    cookie: ana,
    body: { kind: 'run', signals: ['heap'] },
    headers: { 'idempotency-key': 'one-profile-to-see' },
  });
  const { id } = started.body as Run;
  const card = () => lead.heard.cards.findLast(({ groupId }) => groupId === workspace.groupId)?.lastRun;
  await expect.poll(() => [card()?.id, card()?.profileArtifactId], wait).toEqual([id, expect.any(String)]);
});
