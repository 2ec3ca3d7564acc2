// One server, killed while it has a program running: nothing of the program is left, and its run has an end with a reason.
import fs from 'node:fs';
import { createFile, filesOf, listFiles } from '@lineage/collab';
import type { Cohort, Lesson, Run, RunEvent, Workspace } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { ownClient, type WanderingClient } from '../rooms/wandering-client.ts';
import { type SeveralProcesses, startSeveral } from './several-processes.ts';

/** The first build of a machine compiles what later ones find. */
const wait = { timeout: 60_000, interval: 50 };
const ENDLESS = 'package main\n\nfunc main() {\n\tprintln("on")\n\tfor {\n\t}\n}\n';
const SHORT = 'package main\n\nfunc main() {\n\tprintln("again")\n}\n';

let server: SeveralProcesses;
let ana: string;
let workspace: Workspace;
let client: WanderingClient;

beforeAll(async () => {
  // Alone: it knows at its start that nobody else has its runs.
  server = await startSeveral(1, { LINEAGE_PEER_ADDRESS: '' });
  ana = await server.signIn('ana');
  const { cohorts } = await get<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await get<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await get<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  workspace = await post<Workspace>('/api/workspaces', {
    groupId: cohort.groups[0]?.id,
    exerciseId: lesson.exercise.id,
  });
  client = ownClient('ana', () => ana);
  client.join(server.url, workspace.id);
}, 120_000);
afterAll(async () => {
  client.leave();
  await server.close();
});

const get = async <T>(at: string): Promise<T> => (await server.request<T>('GET', at, { cookie: ana })).body;

async function post<T>(at: string, body: unknown): Promise<T> {
  const headers = { 'idempotency-key': newId<string>() };
  return (await server.request<T>('POST', at, { cookie: ana, body, headers })).body;
}

async function run(text: string): Promise<Run> {
  await expect.poll(() => client.isSynced, wait).toBe(true);
  client.doc.transact(() => {
    for (const { id, path } of listFiles(client.doc))
      if (path.endsWith('.go')) filesOf(client.doc).delete(id);
    createFile(client.doc, 'main.go', text);
  });
  await expect.poll(() => client.isSaved, wait).toBe(true);
  return post<Run>(`/api/workspaces/${workspace.id}/runs`, { kind: 'run', signals: [] });
}

const outputOf = async ({ id }: Run): Promise<string> =>
  (await get<{ events: RunEvent[] }>(`/api/runs/${id}/events`)).events
    .map(({ body }) => (body.type === 'output' ? body.text : ''))
    .join('');

type Process = { readonly pid: number; readonly parent: number; readonly startedAt: string };

/** Of proc(5): the parent, and when it was started, since numbers are used again. */
function processes(): Process[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state = '', parent = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // What waits to be buried does nothing any more.
      return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), startedAt: rest[17] ?? '' }];
    } catch {
      return [];
    }
  });
}

function below(pid: number, all = processes()): Process[] {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid, all)]);
}

it('leaves no process of it, ends the run with a reason at its next start, and runs the next one', async () => {
  const running = await run(ENDLESS);
  await expect.poll(() => outputOf(running), wait).toBe('on\n');
  const [api] = server.processes;
  if (api === undefined) throw new Error('there is no server');
  const started = below(api.pid);
  // The agent, the first process of a slot, and the program.
  expect(started.length).toBeGreaterThan(2);
  await api.kill();
  const left = (): Process[] =>
    processes().filter((one) =>
      started.some(({ pid, startedAt }) => pid === one.pid && startedAt === one.startedAt),
    );
  await expect.poll(left, wait).toEqual([]);

  await api.start();
  expect(await get<Run>(`/api/runs/${running.id}`)).toMatchObject({
    state: 'errored',
    reason: expect.stringContaining('Start it again'),
  });
  const next = await run(SHORT);
  await expect.poll(async () => (await get<Run>(`/api/runs/${next.id}`)).state, wait).toBe('passed');
  expect(await outputOf(next)).toBe('again\n');
}, 180_000);
