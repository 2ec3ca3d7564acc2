import type { Cohort, Lesson, Workspace } from '@lineage/contracts';
import { listFiles } from '@lineage/collab';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownClient, stockWanderer, type WanderingClient } from '../rooms/wandering-client.ts';
import { seededRandom } from '../seeded-random.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { type ApiProcess, type SeveralProcesses, startSeveral } from './several-processes.ts';

/**
 * Three processes behind a balancer, and a Redis, that end at random while people type. `LINEAGE_DEATHS=200
 * LINEAGE_FUZZ_SEED=7 npx vitest run random-deaths` does as many as one likes.
 */
const DEATHS = Number(process.env['LINEAGE_DEATHS'] ?? 4);
const SEED = Number(process.env['LINEAGE_FUZZ_SEED'] ?? 20_261_125);
/** Slow enough that a loaded machine says of some moment that all is saved. */
const TYPE_EVERY_MS = 30;
/** A workspace has room for 256 KiB: it is compared and emptied before. */
const EMPTY_AT_CHARACTERS = 64 * 1024;
const wait = { timeout: 30_000, interval: 20 };

let redis: RedisServer;
let several: SeveralProcesses;
let workspace: Workspace;
let file: string;
let clients: readonly WanderingClient[] = [];

beforeAll(async () => {
  redis = await startRedis();
  several = await startSeveral(3, { REDIS_URL: redis.url });
  const [ana, bo] = [await several.signIn('ana'), await several.signIn('bo')];
  const get = async <T>(at: string): Promise<T> =>
    (await several.request<T>('GET', at, { cookie: ana })).body;
  const { cohorts } = await get<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await get<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await get<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  const body = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  workspace = (await several.request<Workspace>('POST', '/api/workspaces', { cookie: ana, body })).body;
  file = lesson.exercise.entryFile;
  clients = [
    ownClient('ana', () => ana),
    ownClient('bo', () => bo),
    stockWanderer('ana, stock', () => ana),
    stockWanderer('bo, stock', () => bo),
  ];
  for (const client of clients) client.join(several.url, workspace.id);
}, 120_000);
afterAll(async () => {
  for (const client of clients) client.leave();
  await several.close();
  await redis.close();
});

const textOf = (client: WanderingClient) =>
  listFiles(client.doc).find(({ path }) => path === file)?.text ?? null;

it(
  `loses no acknowledged text over ${DEATHS} deaths, and is the same for everybody after them`,
  async () => {
    const pick = seededRandom(SEED);
    await expect.poll(() => clients.every((client) => client.isSynced), wait).toBe(true);
    /** Typed and not yet said to be saved, and what was said to be. */
    const typed = new Map<WanderingClient, string[]>(clients.map((client) => [client, []]));
    const saved: string[] = [];
    let nth = 0;
    const type = (): void => {
      for (const client of clients) {
        const mine = typed.get(client) ?? [];
        if (client.isSaved) saved.push(...mine.splice(0));
        const text = textOf(client);
        if (text === null) continue;
        const line = `// ${client.name} ${(nth += 1)}.\n`;
        text.insert(text.length, line);
        mine.push(line);
      }
    };
    let typing = setInterval(type, TYPE_EVERY_MS);
    /** Everybody has the same, and it has all that was acknowledged. */
    const compare = async (): Promise<void> => {
      clearInterval(typing);
      const isSettled = () => clients.every((c) => c.isSynced && (c.isStock || c.isSaved));
      await expect.poll(isSettled, wait).toBe(true);
      const texts = () => clients.map((client) => textOf(client)?.toString() ?? '');
      await expect.poll(() => new Set(texts()).size, wait).toBe(1);
      const [text = ''] = texts();
      expect(saved.filter((line) => !text.includes(line))).toEqual([]);
      expect(clients.map((client) => client.refusals)).toEqual([0, 0, 0, 0]);
    };
    const empty = async (): Promise<void> => {
      const text = textOf(clients[0] as WanderingClient);
      text?.delete(0, text.length);
      await expect.poll(() => clients.every((client) => textOf(client)?.length === 0), wait).toBe(true);
      saved.length = 0;
      for (const lines of typed.values()) lines.length = 0;
      typing = setInterval(type, TYPE_EVERY_MS);
    };
    const deaths: ((process: ApiProcess) => Promise<void>)[] = [
      (one) => one.kill().then(() => one.start()),
      (one) => one.stop().then(() => one.start()),
      async (one) => {
        one.pause();
        await new Promise((resolve) => setTimeout(resolve, 500 + pick(3_000)));
        one.resume();
      },
      async () => {
        await redis.kill();
        await redis.start();
      },
    ];
    try {
      for (let death = 0; death < DEATHS; death++) {
        if ((textOf(clients[0] as WanderingClient)?.length ?? 0) > EMPTY_AT_CHARACTERS) {
          await compare();
          await empty();
        }
        const known = saved.length;
        const die = deaths[death < deaths.length ? death : pick(deaths.length)] ?? deaths[0];
        const one = several.processes[pick(several.processes.length)];
        if (one !== undefined) await die?.(one);
        await expect.poll(() => saved.length, wait).toBeGreaterThan(known);
        // Anywhere between two commits, two heartbeats and two deaths.
        await new Promise((resolve) => setTimeout(resolve, pick(700)));
      }
    } finally {
      clearInterval(typing);
    }
    await compare();
    expect(saved.length).toBeGreaterThan(0);
  },
  60_000 + DEATHS * 40_000,
);
