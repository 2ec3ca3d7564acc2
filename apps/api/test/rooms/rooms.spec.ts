import {
  createFile,
  decodeFrame,
  encodeFrame,
  filesOf,
  type Frame,
  LINEAGE_SUBPROTOCOL,
  listFiles,
  readTree,
} from '@lineage/collab';
import type { Cohort, Lesson, RoomsOverview, Workspace } from '@lineage/contracts';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { startTestApp, type TestApp } from '../app.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { type StockClient, stockClient } from './stock-client.ts';

const wait = { timeout: 5_000, interval: 10 };
const unknownId = '01a21017-2501-7046-b13c-d9811f81af38';

let database: TestDatabase;
let app: TestApp;
let cookies: Record<string, string>;
let workspace: Workspace;
let file: string;
const clients: StockClient[] = [];

async function start(): Promise<void> {
  app = await startTestApp({ database });
  const personas = ['ana', 'bo', 'chen', 'mentor'];
  cookies = Object.fromEntries(await Promise.all(personas.map(async (who) => [who, await app.signIn(who)])));
}

beforeAll(async () => {
  database = await createDatabase();
  await start();
  const get = async <T>(at: string): Promise<T> =>
    (await app.request('GET', at, { cookie: cookieOf('ana') })).body as T;
  const { cohorts } = await get<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await get<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await get<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  const body = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  workspace = (await app.request('POST', '/api/workspaces', { cookie: cookieOf('ana'), body }))
    .body as Workspace;
  file = lesson.exercise.entryFile;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.provider.destroy();
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const cookieOf = (who: string): string => cookies[who] ?? '';

function enter(proof: Parameters<typeof stockClient>[2], id: string = workspace.id): StockClient {
  const client = stockClient(app.url, id, proof);
  clients.push(client);
  return client;
}

async function enterSynced(who: string): Promise<StockClient> {
  const client = enter({ cookie: cookieOf(who) });
  await expect.poll(() => client.provider.synced, wait).toBe(true);
  return client;
}

describe('two stock clients in one room', () => {
  it('come in by cookie and by ticket, and type at the same time', async () => {
    const ana = await enterSynced('ana');
    const asked = await app.request('POST', `/api/workspaces/${workspace.id}/tickets`, {
      cookie: cookieOf('bo'),
      body: {},
    });
    const bo = enter({ subprotocol: (asked.body as { subprotocol: string }).subprotocol });
    await expect.poll(() => bo.provider.synced, wait).toBe(true);
    for (let at = 0; at < 50; at++) {
      ana.type(file, `// ana ${at}\n`);
      bo.type(file, `// bo ${at}\n`);
    }
    const lines = (client: StockClient, who: string) =>
      client.text(file).match(new RegExp(`// ${who} \\d+`, 'g'))?.length;
    for (const client of [ana, bo]) {
      await expect.poll(() => [lines(client, 'ana'), lines(client, 'bo')], wait).toEqual([50, 50]);
    }
    expect(readTree(bo.doc)).toEqual(readTree(ana.doc));
  });

  it('show the last words of who leaves before they are on disk', async () => {
    const [ana, bo] = [await enterSynced('ana'), await enterSynced('bo')];
    ana.type(file, '// typed while leaving\n');
    ana.provider.disconnect();
    await expect.poll(() => bo.text(file), wait).toContain('// typed while leaving');
  });

  it('see each other under the names that the server knows', async () => {
    const [ana, bo] = [await enterSynced('ana'), await enterSynced('bo')];
    ana.provider.awareness.setLocalStateField('user', { name: 'the instructor' });
    const names = () =>
      [...bo.provider.awareness.getStates().values()].map(
        (state) => (state['user'] as { name?: string })?.name,
      );
    await expect.poll(names, wait).toContain('Ana Souza');
    expect(names()).not.toContain('the instructor');
  });
});

describe('an operator', () => {
  it('sees rooms, sockets and commits, and nobody who is in them', async () => {
    const ana = await enterSynced('ana');
    ana.type(file, '// seen from afar\n');
    const bo = await enterSynced('bo');
    await expect.poll(() => bo.text(file), wait).toContain('// seen from afar');
    bo.provider.destroy();
    const see = (cookie: string) => app.request('GET', '/api/operations/rooms', { cookie });
    expect(await see(cookieOf('ana'))).toMatchObject({ status: 404 });
    const operator = await app.signIn('operator');
    const overview = async () => (await see(operator)).body as RoomsOverview;
    await expect.poll(overview, wait).toMatchObject({
      processes: [{ address: '', isThis: true, storageOk: true, relayed: 0, queued: 0 }],
      rooms: [{ workspaceId: workspace.id, sockets: 1, relayed: 0, queued: 0 }],
    });
    const { processes, rooms } = await overview();
    expect(processes[0]?.commits.count).toBeGreaterThan(0);
    expect(processes[0]?.commits.p99Ms).toBeGreaterThan(0);
    expect(JSON.stringify(rooms)).not.toMatch(/ana|Ana/);
  });
});

describe('the door', () => {
  it('is shut to who has no login, no part in the group, or no such workspace', async () => {
    const stranger = enter(null);
    const foreign = enter({ cookie: cookieOf('chen') });
    const nowhere = enter({ cookie: cookieOf('ana') }, unknownId);
    const forged = enter({ subprotocol: `lineage.ticket.${'x'.repeat(43)}` });
    await expect.poll(() => stranger.closed[0], wait).toBe(4401);
    await expect.poll(() => foreign.closed[0], wait).toBe(4404);
    await expect.poll(() => nowhere.closed[0], wait).toBe(4404);
    await expect.poll(() => forged.closed[0], wait).toBe(4401);
  });

  it('is shut to other sites before anything else', async () => {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/collab/${workspace.id}`, {
      headers: { cookie: cookieOf('ana') },
      origin: 'https://evil.example',
    });
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('403');
  });

  it('closes a reader who writes, and keeps what they wrote from the others', async () => {
    const [ana, mentor] = [await enterSynced('ana'), await enterSynced('mentor')];
    mentor.type(file, '// by the mentor\n');
    await expect.poll(() => mentor.closed[0], wait).toBe(4403);
    ana.type(file, '// after the mentor\n');
    const fresh = await enterSynced('bo');
    await expect.poll(() => fresh.text(file), wait).toContain('// after the mentor');
    expect(fresh.text(file)).not.toContain('// by the mentor');
  });

  it('closes who sends garbage, and hurts nobody else', async () => {
    const [ana, bo] = [await enterSynced('ana'), await enterSynced('bo')];
    const garbage = [
      new Uint8Array([255, 255, 255, 255]),
      encodeFrame({ type: 'update', update: new Uint8Array([9, 9, 9, 9, 9]) }),
      new Uint8Array(0),
    ];
    for (const bytes of garbage) {
      const socket = new WebSocket(`${app.url.replace('http', 'ws')}/collab/${workspace.id}`, {
        headers: { cookie: cookieOf('ana') },
      });
      const code = await new Promise<number>((resolve) => {
        socket.once('close', resolve);
        socket.once('open', () => socket.send(bytes));
      });
      expect(code).toBe(4422);
    }
    ana.type(file, '// still here\n');
    await expect.poll(() => bo.text(file), wait).toContain('// still here');
    expect([ana.closed, bo.closed]).toEqual([[], []]);
  });
});

describe('an edit', () => {
  /** One of our own clients, by its frames. */
  async function ownClient(): Promise<{ socket: WebSocket; frames: Frame[] }> {
    const socket = new WebSocket(
      `${app.url.replace('http', 'ws')}/collab/${workspace.id}`,
      [LINEAGE_SUBPROTOCOL],
      {
        headers: { cookie: cookieOf('ana') },
      },
    );
    const frames: Frame[] = [];
    socket.on('message', (data: Buffer) => {
      const frame = decodeFrame(new Uint8Array(data));
      if (frame !== null) frames.push(frame);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    await expect.poll(() => frames.some((frame) => frame.type === 'hello'), wait).toBe(true);
    return { socket, frames };
  }

  it('is on disk when it is acknowledged, and there after another start', async () => {
    const { socket, frames } = await ownClient();
    const doc = new Y.Doc();
    const stored = app.app.get(DataSource);
    const count = async (): Promise<number> => {
      const rows: { n: number }[] = await stored.query(
        'SELECT count(*)::int AS n FROM room_update WHERE workspace_id = $1',
        [workspace.id],
      );
      return rows[0]?.n ?? 0;
    };
    const before = await count();
    doc.transact(() => createFile(doc, 'acknowledged.go', 'package main // 已保存\n'));
    socket.send(encodeFrame({ type: 'update', update: Y.encodeStateAsUpdate(doc) }));
    await expect.poll(() => frames.some((frame) => frame.type === 'ack' && frame.n === 1), wait).toBe(true);
    expect(await count()).toBeGreaterThan(before);
    socket.close();

    await app.close();
    await start();
    const fresh = await enterSynced('bo');
    expect(fresh.text('acknowledged.go')).toBe('package main // 已保存\n');
  });

  it('of two who make one file, keeps both texts', async () => {
    const [ana, bo] = [await enterSynced('ana'), await enterSynced('bo')];
    ana.provider.disconnect();
    bo.provider.disconnect();
    ana.doc.transact(() => createFile(ana.doc, 'both.go', 'package a\n'));
    bo.doc.transact(() => createFile(bo.doc, 'both.go', 'package b\n'));
    ana.provider.connect();
    bo.provider.connect();
    const both = (client: StockClient) =>
      listFiles(client.doc)
        .filter((entry) => entry.path.startsWith('both.go'))
        .map((entry) => entry.text.toString())
        .sort();
    await expect.poll(() => both(ana), wait).toEqual(['package a\n', 'package b\n']);
    await expect.poll(() => readTree(bo.doc), wait).toEqual(readTree(ana.doc));
  });

  it('that makes a file outside the workspace is refused, and nobody sees it', async () => {
    const bo = await enterSynced('bo');
    for (const path of ['../outside.go', '/etc/passwd', 'a\u0000b.go', 'a/../../b.go']) {
      const ana = await enterSynced('ana');
      ana.doc.transact(() => createFile(ana.doc, path, 'package main\n'));
      await expect.poll(() => ana.closed[0], wait).toBe(4422);
    }
    const fresh = await enterSynced('ana');
    expect(filesOf(fresh.doc).size).toBe(filesOf(bo.doc).size);
    expect(bo.closed).toEqual([]);
  });

  it('of before a reset does not mix with the template', async () => {
    const ana = await enterSynced('ana');
    ana.type(file, '// gone with the reset\n');
    const headers = { 'idempotency-key': 'one-reset-of-it' };
    const reset = await app.request('POST', `/api/workspaces/${workspace.id}/reset`, {
      cookie: cookieOf('bo'),
      body: {},
      headers,
    });
    expect(reset).toMatchObject({ status: 200, body: { epoch: 2 } });
    await expect.poll(() => ana.closed[0], wait).toBe(4409);
    const fresh = await enterSynced('bo');
    expect(fresh.text(file)).not.toContain('// gone with the reset');
    expect(fresh.text(file)).not.toBe('');
  });

  it('of a login that ended is not taken: its socket is closed', async () => {
    const cookie = await app.signIn('bo');
    const client = enter({ cookie });
    await expect.poll(() => client.provider.synced, wait).toBe(true);
    await app.request('POST', '/api/auth/sign-out', { cookie, body: {} });
    await expect.poll(() => client.closed[0], wait).toBe(4401);
  });
});
