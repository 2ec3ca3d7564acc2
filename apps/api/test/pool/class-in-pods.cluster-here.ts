// Two API processes in pods with a real Redis, behind the Service of the production overlay. PostgreSQL and Redis are on
// this machine, beside the cluster; the people are too.
import { setTimeout as sleep } from 'node:timers/promises';
import { createFile, filesOf, listFiles } from '@lineage/collab';
import type { ClassEvent, ClassState, Cohort, Lesson, Run, Workspace } from '@lineage/contracts';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { createDatabase } from '../database.ts';
import { type RedisServer, startRedis } from '../processes/redis-server.ts';
import { ask, SECRET, type SeveralProcesses, startSeveral } from '../processes/several-processes.ts';
import { stockClient } from '../rooms/stock-client.ts';
import { ownClient, type WanderingClient } from '../rooms/wandering-client.ts';
import { connect, type TestSocket } from '../socket.ts';
import { addressOfHost, ApiPods, urlOf } from './api-pods.ts';
import { type Forward, forward } from './forward.ts';

const wait = { timeout: 60_000, interval: 20 };
const TYPE_EVERY_MS = 50;
const LEAD_EVERY_MS = 150;
const GIVE_UP_MS = 5_000;

const PROGRAM = 'package main\n\nfunc main() {\n\tprintln("from a pod")\n}\n';

const pods = new ApiPods();
const forwards: Forward[] = [];
const opened: { close(): void }[] = [];
let redis: RedisServer;
let several: SeveralProcesses;
let cookies: Record<'ana' | 'bo' | 'instructor', string>;
let workspace: Workspace;
let lesson: Lesson;
let classId: string;

beforeAll(async () => {
  redis = await startRedis();
  const database = await createDatabase();
  const host = await addressOfHost();
  const reach = async (url: string): Promise<string> => {
    const there = await forward(host, url);
    forwards.push(there);
    return there.url;
  };
  await pods.start(
    {
      DATABASE_URL: await reach(database.url),
      REDIS_URL: await reach(redis.url),
      LINEAGE_SECRET: SECRET,
      LINEAGE_METRICS_TOKEN: newId<string>(),
    },
    {
      LINEAGE_POOL_WARM: '1',
      LINEAGE_POOL_MOST: '4',
      LINEAGE_POD_CPU_REQUEST: '0.1',
      LINEAGE_POD_MEMORY: '1Gi',
      LINEAGE_POD_DISK: '512Mi',
    },
  );
  await pods.settled();
  // A process beside the cluster fills the database with a class: demo accounts are for loopback only. Then it ends.
  several = await startSeveral(1, {}, database);
  const [ana, bo, instructor] = await Promise.all(
    ['ana', 'bo', 'instructor'].map((persona) => several.signIn(persona)),
  );
  cookies = { ana: ana ?? '', bo: bo ?? '', instructor: instructor ?? '' };
  await several.processes[0]?.stop();
  const { cohorts } = await send<{ cohorts: Cohort[] }>('ana', 'GET', '/api/cohorts');
  const cohort = await send<Cohort>('ana', 'GET', `/api/cohorts/${cohorts[0]?.id}`);
  const lessonIds = cohort.classSessions[0]?.lessonIds ?? [];
  lesson = await send<Lesson>('ana', 'GET', `/api/lessons/${lessonIds[0]}`);
  workspace = await send<Workspace>('ana', 'POST', '/api/workspaces', {
    groupId: cohort.groups[0]?.id,
    exerciseId: lesson.exercise.id,
  });
  const body = { title: 'In pods', startsAt: '2026-12-01T09:00:00Z', lessonIds };
  classId = (
    await send<{ id: string }>('instructor', 'POST', `/api/cohorts/${cohort.id}/class-sessions`, body)
  ).id;
}, 300_000);
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});
afterAll(async () => {
  await pods.close();
  await Promise.all(forwards.map((one) => one.close()));
  await several.close();
  await redis.close();
}, 120_000);

/** A request to the Service, or to one pod. @throws Error when it was not done */
async function send<T>(
  who: keyof typeof cookies,
  method: string,
  at: string,
  body?: unknown,
  { url = pods.url, key = newId<string>() }: { url?: string; key?: string } = {},
): Promise<T> {
  const headers = { 'idempotency-key': key };
  const { answer, body: said } = await ask(url, pods.url, method, at, {
    cookie: cookies[who],
    body,
    headers,
  });
  if (!answer.ok) {
    const logs = answer.status === 500 ? await pods.logs() : '';
    throw new Error(`${method} ${at}: ${answer.status} ${JSON.stringify(said)}\n${logs}`);
  }
  return said as T;
}

async function enter(who: keyof typeof cookies, url: string): Promise<TestSocket> {
  const socket = await connect(url, cookies[who], pods.url);
  opened.push(socket.io);
  return socket;
}

const lead = (command: unknown, options: { url?: string; key?: string } = {}): Promise<ClassState> =>
  send('instructor', 'POST', `/api/class-sessions/${classId}/commands`, command, options);

it('one of two that start on an empty database makes the tables, and both serve', async () => {
  const two = await pods.settled();
  for (const { status } of two) expect(status.containerStatuses?.map((one) => one.restartCount)).toEqual([0]);
  const made = await several.query<{ name: string }>('SELECT name FROM schema_migration');
  expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
  expect(made.length).toBeGreaterThan(5);
});

it('a class of people on two pods is one class', async () => {
  const [first, second] = (await pods.settled()).map(urlOf) as [string, string];
  const [instructor, ana] = [await enter('instructor', first), await enter('ana', second)];
  for (const socket of [instructor, ana]) await socket.watch({ stream: 'class', id: classId, after: 0 });
  await lead({ type: 'start' }, { url: second });
  for (const socket of [instructor, ana])
    await expect.poll(() => socket.heard.classEvents.map(({ seq }) => seq), wait).toEqual([1]);
  const here = (socket: TestSocket) =>
    socket.heard.people
      .at(-1)
      ?.map(({ name }) => name)
      .toSorted();
  await expect.poll(() => here(ana), wait).toEqual(['Ana Souza', '林清']);
});

it('a room that one pod holds is relayed by the other, and its run is watched there', async () => {
  const [first, second] = (await pods.settled()).map(urlOf) as [string, string];
  const writer = stockClient(first, workspace.id, { cookie: cookies.ana });
  const reader = stockClient(second, workspace.id, { cookie: cookies.bo });
  opened.push({ close: () => [writer, reader].forEach(({ provider }) => provider.destroy()) });
  await expect.poll(() => writer.provider.synced && reader.provider.synced, wait).toBe(true);
  const leases = await several.query('SELECT workspace_id FROM room_lease WHERE workspace_id = $1', [
    workspace.id,
  ]);
  expect(leases).toHaveLength(1);
  writer.doc.transact(() => {
    for (const { id, path } of listFiles(writer.doc))
      if (path.endsWith('.go')) filesOf(writer.doc).delete(id);
    createFile(writer.doc, 'main.go', PROGRAM);
  });
  const read = () =>
    listFiles(reader.doc)
      .find(({ path }) => path === 'main.go')
      ?.text.toString();
  await expect.poll(read, wait).toBe(PROGRAM);
  const watcher = await enter('bo', second);
  const run = await send<Run>(
    'ana',
    'POST',
    `/api/workspaces/${workspace.id}/runs`,
    { kind: 'run', signals: [] },
    { url: first },
  );
  await watcher.watch({ stream: 'run', id: run.id, after: 0 });
  const ended = () =>
    watcher.heard.runEvents.flatMap(({ body }) => (body.type === 'end' ? [body.verdict] : []));
  await expect.poll(ended, { ...wait, timeout: 120_000 }).toEqual(['passed']);
  const printed = watcher.heard.runEvents.flatMap(({ body }) => (body.type === 'output' ? [body.text] : []));
  expect(printed.join('')).toBe('from a pod\n');
});

/** Somebody in the class who comes back by himself, and asks for what he has not heard. */
function follow(): ClassEvent[] {
  const heard: ClassEvent[] = [];
  const socket = io(pods.url, {
    path: '/socket.io',
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 500,
    extraHeaders: { origin: pods.url, cookie: cookies.ana },
  });
  socket.on('class.events', ({ events }: { events: ClassEvent[] }) => heard.push(...events));
  socket.on('connect', () =>
    socket.emit('watch', { stream: 'class', id: classId, after: heard.at(-1)?.seq ?? 0 }, () => undefined),
  );
  // As the web client: who is sent away by a server that ends comes back at once.
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') socket.connect();
  });
  opened.push(socket);
  return heard;
}

const giveUp = async (): Promise<never> => {
  await sleep(GIVE_UP_MS, undefined, { ref: false });
  throw new Error('nobody answered');
};

/** Leads the class on until it is told to end; each command is sent again until somebody answers. */
async function leadOn(signal: AbortSignal, acknowledged: number[]): Promise<void> {
  for (let nth = 0; !signal.aborted; nth += 1) {
    const step = lesson.steps[nth % 2];
    const key = newId<string>();
    for (let done = false; !done; await sleep(LEAD_EVERY_MS))
      try {
        const command = { type: 'move_to_step', lessonId: lesson.id, stepId: step?.id };
        // A connection to a pod that is gone may never say so; a page gives up, and so do people.
        const answer = lead(command, { key });
        answer.catch(() => undefined);
        acknowledged.push((await Promise.race([answer, giveUp()])).seq);
        done = true;
      } catch (error) {
        // A pod that went has no answer; one that is there and refuses has one that is not for us to swallow.
        if (error instanceof Error && /: (4\d\d|500) /.test(error.message)) throw error;
      }
  }
}

/** Types into the one file and notes which lines the server said were saved. */
function typeOn(clients: readonly WanderingClient[], saved: string[]): { end(): void } {
  const typed = new Map<WanderingClient, string[]>(clients.map((client) => [client, []]));
  let nth = 0;
  const timer = setInterval(() => {
    for (const client of clients) {
      const mine = typed.get(client) ?? [];
      if (client.isSaved) saved.push(...mine.splice(0));
      const text = listFiles(client.doc).find(({ path }) => path === 'main.go')?.text;
      if (text === undefined) continue;
      const line = `// ${client.name} ${(nth += 1)}.\n`;
      text.insert(text.length, line);
      mine.push(line);
    }
  }, TYPE_EVERY_MS);
  return { end: () => clearInterval(timer) };
}

it('a rolling update and killed pods in the middle of a class lose no acknowledged edit or event', async () => {
  const clients = [ownClient('ana', () => cookies.ana), ownClient('bo', () => cookies.bo)];
  opened.push({ close: () => clients.forEach((client) => client.leave()) });
  for (const client of clients) client.join(pods.url, workspace.id);
  await expect.poll(() => clients.every(({ isSynced }) => isSynced), wait).toBe(true);
  const heard = follow();
  const stop = new AbortController();
  const saved: string[] = [];
  const acknowledged: number[] = [];
  const typing = typeOn(clients, saved);
  const leading = leadOn(stop.signal, acknowledged);
  /** Everybody goes on after it: more is saved, and more is heard. */
  const goesOn = async (): Promise<void> => {
    const before = [saved.length, heard.length] as const;
    await expect.poll(() => saved.length, wait).toBeGreaterThan(before[0]);
    await expect.poll(() => heard.length, wait).toBeGreaterThan(before[1]);
  };
  await goesOn();
  const old = (await pods.settled()).map(({ metadata }) => metadata.uid);
  await pods.rollOut();
  const updated = await pods.settled();
  expect(updated.filter(({ metadata }) => old.includes(metadata.uid))).toEqual([]);
  await goesOn();
  for (let killed = 0; killed < 2; killed += 1) {
    const [victim] = await pods.settled();
    await pods.installation.api.kill(victim);
    await goesOn();
  }
  await pods.settled();
  await goesOn();
  typing.end();
  stop.abort();
  await leading;

  await expect.poll(() => clients.every(({ isSaved }) => isSaved), wait).toBe(true);
  const texts = () =>
    clients.map(({ doc }) =>
      listFiles(doc)
        .find(({ path }) => path === 'main.go')
        ?.text.toString(),
    );
  await expect.poll(() => new Set(texts()).size, wait).toBe(1);
  const [text = ''] = texts();
  expect(saved.length).toBeGreaterThan(20);
  expect(saved.filter((line) => !text.includes(line))).toEqual([]);
  expect(clients.map(({ refusals }) => refusals)).toEqual([0, 0]);
  const last = Math.max(...acknowledged);
  await expect.poll(() => heard.at(-1)?.seq, wait).toBe(last);
  // Each once and in order, and each command once: whoever asked again got the answer of the first time.
  expect(heard.map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, at) => at + 1));
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
  expect(last).toBe(acknowledged.length + 1);
}, 600_000);
