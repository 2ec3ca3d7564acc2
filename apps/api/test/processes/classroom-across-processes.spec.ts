import { createFile, filesOf, listFiles } from '@lineage/collab';
import type { ClassState, Cohort, Lesson, Run, Workspace } from '@lineage/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { stockClient } from '../rooms/stock-client.ts';
import { connect, type TestSocket } from '../socket.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { type ApiProcess, type SeveralProcesses, startSeveral } from './several-processes.ts';

const wait = { timeout: 15_000, interval: 10 };
/** The first build of a machine compiles what later ones find. */
const built = { timeout: 60_000, interval: 20 };

const ECHO = `package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println("heard", lines.Text())
	}
}
`;

let redis: RedisServer;
let several: SeveralProcesses;
let first: ApiProcess;
let second: ApiProcess;
let cookies: Record<'ana' | 'instructor', string>;
let cohort: Cohort;
let classId: string;
let workspace: Workspace;
const open: TestSocket[] = [];

beforeAll(async () => {
  redis = await startRedis();
  several = await startSeveral(2, { REDIS_URL: redis.url });
  [first, second] = several.processes as [ApiProcess, ApiProcess];
  cookies = { ana: await several.signIn('ana'), instructor: await several.signIn('instructor') };
  const get = async <T>(at: string): Promise<T> =>
    (await several.request<T>('GET', at, { cookie: cookies.ana })).body;
  const { cohorts } = await get<{ cohorts: Cohort[] }>('/api/cohorts');
  cohort = await get<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await get<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  workspace = (
    await several.request<Workspace>('POST', '/api/workspaces', {
      cookie: cookies.ana,
      body: { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id },
    })
  ).body;
  const made = await several.request<{ id: string }>('POST', `/api/cohorts/${cohort.id}/class-sessions`, {
    cookie: cookies.instructor,
    body: {
      title: 'Across',
      startsAt: '2026-12-01T09:00:00Z',
      lessonIds: cohort.classSessions[0]?.lessonIds,
    },
  });
  classId = made.body.id;
}, 120_000);
afterEach(() => {
  for (const socket of open.splice(0)) socket.io.close();
});
afterAll(async () => {
  await several.close();
  await redis.close();
});

async function enter(who: keyof typeof cookies, { url }: ApiProcess): Promise<TestSocket> {
  const socket = await connect(url, cookies[who], several.url);
  open.push(socket);
  return socket;
}

const post = async <T>(
  who: keyof typeof cookies,
  { url }: ApiProcess,
  at: string,
  body: unknown,
): Promise<T> => {
  const headers = { 'idempotency-key': newId<string>() };
  const answer = await several.request<T>('POST', at, { cookie: cookies[who], body, headers, url });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
};
const lead = (at: ApiProcess, command: unknown) =>
  post<ClassState>('instructor', at, `/api/class-sessions/${classId}/commands`, command);

const seqs = (socket: TestSocket) => socket.heard.classEvents.map((event) => event.seq);

describe('a class whose people are on two processes', () => {
  it('is one class: everybody hears each step, and sees who is here', async () => {
    const instructor = await enter('instructor', first);
    const ana = await enter('ana', second);
    for (const socket of [instructor, ana]) await socket.watch({ stream: 'class', id: classId, after: 0 });
    const here = (socket: TestSocket) =>
      socket.heard.people
        .at(-1)
        ?.map(({ name }) => name)
        .toSorted();
    for (const socket of [instructor, ana])
      await expect.poll(() => here(socket), wait).toEqual(['Ana Souza', '林清']);
    await lead(first, { type: 'start' });
    const lessonId = cohort.classSessions[0]?.lessonIds[0] ?? '';
    const { body: lesson } = await several.request<Lesson>('GET', `/api/lessons/${lessonId}`, {
      cookie: cookies.ana,
    });
    for (const [at, { id: stepId }] of lesson.steps.slice(0, 3).entries())
      await lead(at % 2 === 0 ? second : first, { type: 'move_to_step', lessonId, stepId });
    const wanted = Array.from({ length: 1 + Math.min(3, lesson.steps.length) }, (_, at) => at + 1);
    await expect.poll(() => seqs(ana), wait).toEqual(wanted);
    await expect.poll(() => seqs(instructor), wait).toEqual(wanted);
    ana.io.close();
    await expect.poll(() => here(instructor), wait).toEqual(['林清']);
  });

  it('misses nothing while Redis is away, and nobody waits for it', async () => {
    const ana = await enter('ana', second);
    await ana.watch({ stream: 'class', id: classId, after: 0 });
    await expect.poll(() => seqs(ana).length, wait).toBeGreaterThan(0);
    const before = seqs(ana).length;
    await redis.kill();
    await lead(first, { type: 'end' });
    await redis.start();
    await expect.poll(() => seqs(ana).length, wait).toBe(before + 1);
    expect(seqs(ana)).toEqual(Array.from({ length: before + 1 }, (_, at) => at + 1));
  });
});

describe('a run of one process', () => {
  async function startEcho(at: ApiProcess): Promise<Run> {
    return post<Run>('ana', at, `/api/workspaces/${workspace.id}/runs`, { kind: 'run', signals: [] });
  }
  const printed = (socket: TestSocket): string =>
    socket.heard.runEvents
      .flatMap(({ body }) => (body.type === 'output' && body.stream === 'stdout' ? [body.text] : []))
      .join('');
  const verdict = (socket: TestSocket) =>
    socket.heard.runEvents.flatMap(({ body }) => (body.type === 'end' ? [body.verdict] : []))[0];

  async function writeEcho(): Promise<void> {
    const writer = stockClient(first.url, workspace.id, { cookie: cookies.ana });
    await expect.poll(() => writer.provider.synced, wait).toBe(true);
    writer.doc.transact(() => {
      for (const { id, path } of listFiles(writer.doc))
        if (path.endsWith('.go')) filesOf(writer.doc).delete(id);
      createFile(writer.doc, 'main.go', ECHO);
    });
    const reader = stockClient(second.url, workspace.id, { cookie: cookies.ana });
    const isThere = () => listFiles(reader.doc).some(({ path }) => path === 'main.go');
    await expect.poll(isThere, wait).toBe(true);
    for (const { provider } of [writer, reader]) provider.destroy();
  }

  it('is watched, typed into and stopped from the other one', async () => {
    await writeEcho();
    const watcher = await enter('instructor', first);
    await watcher.watch({ stream: 'workspace', id: workspace.id });
    const run = await startEcho(second);
    await watcher.watch({ stream: 'run', id: run.id, after: 0 });
    await expect.poll(() => printed(watcher), built).toBe('ready\n');
    await post('ana', first, `/api/runs/${run.id}/stdin`, { text: 'across\n', close: false });
    await expect.poll(() => printed(watcher), wait).toBe('ready\nheard across\n');
    await post('ana', first, `/api/runs/${run.id}/cancel`, {});
    await expect.poll(() => verdict(watcher), wait).toBe('cancelled');
    expect(watcher.heard.runEvents.map(({ seq }) => seq)).toEqual(
      watcher.heard.runEvents.map((_, at) => at + 1),
    );
  });

  it('is ended in words by another process when its own is killed', async () => {
    const watcher = await enter('instructor', first);
    const run = await startEcho(second);
    await watcher.watch({ stream: 'run', id: run.id, after: 0 });
    await expect.poll(() => printed(watcher), built).toBe('ready\n');
    await second.kill();
    await expect.poll(() => verdict(watcher), wait).toBe('errored');
    await second.start();
    const { body } = await several.request<Run>('GET', `/api/runs/${run.id}`, {
      cookie: cookies.ana,
      url: second.url,
    });
    expect(body).toMatchObject({ state: 'errored', reason: expect.stringContaining('Start it again') });
    expect(watcher.heard.runEvents.filter(({ body: { type } }) => type === 'end')).toHaveLength(1);
  });
});
