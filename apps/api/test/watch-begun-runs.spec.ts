import { randomUUID } from 'node:crypto';
import type { Run, RunEvent, RunId, Workspace } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LiveSockets } from '../src/features/classroom/live/live-sockets.ts';
import { MAX_BEGUN_PER_SOCKET } from '../src/features/classroom/live/live-limits.ts';
import { DomainEvents } from '../src/platform/events/index.ts';
import { startTestApp, type TestApp } from './app.ts';
import { openWorkspace } from './runs/run-desk.ts';
import { connect, type TestSocket } from './socket.ts';

/** The first build of a server compiles what later ones find. */
const wait = { timeout: 90_000, interval: 50 };

let app: TestApp;
let ana: string;
let workspace: Workspace;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  app = await startTestApp();
  ana = await app.signIn('ana');
  workspace = await openWorkspace(app, ana);
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

/** What the server has open for a socket, and how. */
function openFor(socket: TestSocket): { stream: string; id: string }[] {
  const live = app.app
    .get(LiveSockets, { strict: false })
    .all()
    .find(({ id }) => id === socket.io.id);
  return [...(live?.watches.values() ?? [])].map(({ target: { stream, id } }) => ({ stream, id }));
}

/** Tells of a run as its store does. */
function happen(runId: RunId, ...seqs: number[]): void {
  const events = seqs.map((seq): RunEvent => {
    const body = { type: 'output' as const, stream: 'stdout' as const, text: `${seq}\n`, droppedBefore: 0 };
    return { runId, seq, atMs: seq, body };
  });
  app.app
    .get(DomainEvents, { strict: false })
    .publish('run.happened', { runId, workspaceId: workspace.id, events });
}

const newRun = (): RunId => randomUUID() as RunId;

it(
  'shows a run from its first event to all who watch the runs of its workspace, unasked',
  { timeout: 120_000 },
  async () => {
    const [bo, mentor, chen, other] = [
      await enter('bo'),
      await enter('mentor'),
      await enter('chen'),
      await enter('instructor'),
    ];
    for (const socket of [bo, mentor])
      expect(await socket.watch({ stream: 'workspace', id: workspace.id, runs: true })).toEqual({ ok: true });
    expect(await chen.watch({ stream: 'workspace', id: workspace.id, runs: true })).toMatchObject({
      code: 'not_found',
    });
    await other.watch({ stream: 'workspace', id: workspace.id });
    const started = await app.request('POST', `/api/workspaces/${workspace.id}/runs`, {
      cookie: ana,
      body: { kind: 'run' },
      headers: { 'idempotency-key': 'one-run-that-begins' },
    });
    const { id } = started.body as Run;
    for (const socket of [bo, mentor])
      await expect.poll(() => socket.heard.runEvents.at(-1)?.body.type, wait).toBe('end');
    const { events } = (await app.request('GET', `/api/runs/${id}/events`, { cookie: ana })).body as {
      events: RunEvent[];
    };
    expect(bo.heard.runEvents).toEqual(events);
    expect(mentor.heard.runEvents).toEqual(events);
    expect([...chen.heard.runEvents, ...other.heard.runEvents]).toEqual([]);
    // It has ended: nothing of it is left open.
    expect(openFor(bo)).toEqual([{ stream: 'workspace', id: workspace.id }]);
    // Asked for, it is told again.
    await bo.watch({ stream: 'run', id, after: events.length - 1 });
    await expect.poll(() => bo.heard.runEvents.slice(events.length)).toEqual(events.slice(-1));
  },
);

it('goes on with runs though their workspace is left, until they are taken back', async () => {
  const bo = await enter('bo');
  await bo.watch({ stream: 'workspace', id: workspace.id });
  // A second part of the page wants the runs as well.
  await bo.watch({ stream: 'workspace', id: workspace.id, runs: true });
  const started = await app.request('POST', `/api/workspaces/${workspace.id}/runs`, {
    cookie: ana,
    body: { kind: 'run' },
    headers: { 'idempotency-key': 'one-run-that-is-asked-for' },
  });
  const { id } = started.body as Run;
  expect(await bo.watch({ stream: 'run', id, after: 0 })).toEqual({ ok: true });
  const begun = newRun();
  happen(begun, 1);
  await expect.poll(() => bo.heard.runEvents.some(({ runId }) => runId === begun)).toBe(true);
  // Whoever leaves the page may come back, and has asked for nothing.
  await bo.unwatch({ stream: 'workspace', id: workspace.id });
  happen(newRun(), 1);
  happen(begun, 2);
  const seen = () => bo.heard.runEvents.flatMap(({ runId, seq }) => (runId === begun ? [seq] : []));
  await expect.poll(seen).toEqual([1, 2]);
  const ended = () => bo.heard.runEvents.some(({ runId, body }) => runId === id && body.type === 'end');
  await expect.poll(ended, wait).toBe(true);
  // What was asked for stays open after its end.
  expect(openFor(bo)).toEqual([
    { stream: 'run', id },
    { stream: 'run', id: begun },
  ]);
  await bo.unwatch({ stream: 'run', id: begun });
  happen(begun, 3);
  expect(openFor(bo)).toEqual([{ stream: 'run', id }]);
  expect(seen()).toEqual([1, 2]);
});

it('keeps open a few of the runs that nobody asked for, the newest', async () => {
  const bo = await enter('bo');
  await bo.watch({ stream: 'workspace', id: workspace.id, runs: true });
  const runs = Array.from({ length: MAX_BEGUN_PER_SOCKET + 2 }, newRun);
  for (const run of runs) happen(run, 1);
  expect(openFor(bo).flatMap(({ stream, id }) => (stream === 'run' ? [id] : []))).toEqual(runs.slice(2));
  for (const run of runs) happen(run, 2);
  await expect
    .poll(() => bo.heard.runEvents.filter(({ seq }) => seq === 2).length)
    .toBe(MAX_BEGUN_PER_SOCKET);
});

it('opens no run unasked whose beginning was missed', async () => {
  const bo = await enter('bo');
  await bo.watch({ stream: 'workspace', id: workspace.id, runs: true });
  const late = newRun();
  happen(late, 2, 3);
  expect(openFor(bo)).toEqual([{ stream: 'workspace', id: workspace.id }]);
});
