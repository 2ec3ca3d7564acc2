import {
  decodeFrame,
  encodeFrame,
  type Frame,
  LINEAGE_SUBPROTOCOL,
  listFiles,
  MAX_SERVER_FRAME_BYTES,
  RoomSession,
} from '@lineage/collab';
import type { Cohort, Lesson, Person, RoomCommand, RoomControlView, Workspace } from '@lineage/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { RoomControls } from '../../src/features/rooms/room-controls.service.ts';
import { DRIVER_GRACE_MS } from '../../src/features/rooms/room-limits.ts';
import { newId } from '../../src/platform/ids/index.ts';
import { startTestApp, type TestApp } from '../app.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { type StockClient, stockClient } from './stock-client.ts';

const wait = { timeout: 5_000, interval: 10 };
const names = ['ana', 'bo', 'chen', 'mentor', 'instructor'] as const;
type Who = (typeof names)[number];

let database: TestDatabase;
let app: TestApp;
let cookies: Record<Who, string>;
let workspace: Workspace;
let ana: Person;
let bo: Person;

async function start(): Promise<void> {
  app = await startTestApp({ database });
  cookies = Object.fromEntries(
    await Promise.all(names.map(async (who) => [who, await app.signIn(who)])),
  ) as typeof cookies;
}

beforeAll(async () => {
  database = await createDatabase();
  await start();
  const read = async <T>(at: string): Promise<T> =>
    (await app.request('GET', at, { cookie: cookies.ana })).body as T;
  const { cohorts } = await read<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await read<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await read<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  const body = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  workspace = (await app.request('POST', '/api/workspaces', { cookie: cookies.ana, body })).body as Workspace;
  const [first, second] = workspace.members;
  if (first === undefined || second === undefined) throw new Error('the group has two learners');
  [ana, bo] = first.name === 'Ana Souza' ? [first, second] : [second, first];
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** One of our own clients, whole, with what it was refused. */
class Client {
  readonly doc = new Y.Doc();
  readonly refused: string[] = [];
  readonly session: RoomSession;
  readonly #socket: WebSocket;
  closed = false;

  constructor(who: Who) {
    this.session = new RoomSession(this.doc, {
      changed: () => undefined,
      refused: (reason) => this.refused.push(reason),
      epochChanged: () => this.refused.push('epoch'),
    });
    this.#socket = new WebSocket(
      `${app.url.replace('http', 'ws')}/collab/${workspace.id}`,
      [LINEAGE_SUBPROTOCOL],
      { headers: { cookie: cookies[who] } },
    );
    this.#socket.on('open', () => this.session.opened((bytes) => this.#socket.send(bytes)));
    this.#socket.on('message', (data: Buffer) => this.session.receive(new Uint8Array(data)));
    this.#socket.on('close', () => (this.closed = true));
  }

  get role(): string | null {
    return this.session.state.role;
  }

  type(what: string): void {
    listFiles(this.doc)[0]?.text.insert(0, what);
  }

  get text(): string {
    return listFiles(this.doc)[0]?.text.toString() ?? '';
  }

  leave(): void {
    this.#socket.close();
  }
}

const open: (Client | StockClient)[] = [];
async function enter(who: Who): Promise<Client> {
  const client = new Client(who);
  open.push(client);
  await expect.poll(() => client.session.state.synced, wait).toBe(true);
  return client;
}

const command = async (
  who: Who,
  body: RoomCommand,
  key = newId<string>(),
): Promise<{ status: number; body: RoomControlView & { code?: string } }> =>
  (await app.request('POST', `/api/workspaces/${workspace.id}/room/commands`, {
    cookie: cookies[who],
    body,
    headers: { 'idempotency-key': key },
  })) as never;

beforeEach(async () => {
  expect(await command('instructor', { type: 'free' })).toMatchObject({ status: 200 });
});
afterEach(() => {
  for (const client of open.splice(0)) {
    if (client instanceof Client) client.leave();
    else client.provider.destroy();
  }
});

describe('control of a room', () => {
  it('is everybody’s at first, and changes live, without a new connection', async () => {
    const [a, b, lead] = [await enter('ana'), await enter('bo'), await enter('instructor')];
    expect([a.role, b.role, lead.role]).toEqual(['driver', 'driver', 'lead']);
    expect(await command('ana', { type: 'drive' })).toMatchObject({
      status: 200,
      body: { mode: 'driver', driver: ana.id, myRole: 'driver' },
    });
    await expect.poll(() => b.role, wait).toBe('navigator');
    await expect.poll(() => lead.session.state.control.driver, wait).toBe(ana.id);
    await expect
      .poll(() => [...a.session.presence.people.values()].map(({ user }) => [user.id, user.role]), wait)
      .toContainEqual([bo.id, 'navigator']);
    await expect.poll(() => a.session.presence.people.size, wait).toBe(2);

    expect((await command('bo', { type: 'ask' })).body.asking).toEqual([bo.id]);
    await expect.poll(() => a.session.state.control.asking, wait).toEqual([bo.id]);
    await command('ana', { type: 'hand_over', to: bo.id });
    await expect.poll(() => [a.role, b.role], wait).toEqual(['navigator', 'driver']);
    b.type('// by bo\n');
    await expect.poll(() => a.text, wait).toContain('// by bo');
    await command('ana', { type: 'take_back' });
    await expect.poll(() => [a.role, b.role], wait).toEqual(['driver', 'navigator']);
    await command('ana', { type: 'free' });
    await expect.poll(() => [a.role, b.role], wait).toEqual(['driver', 'driver']);
    expect([a.closed, b.closed, lead.closed]).toEqual([false, false, false]);
  });

  it('is enforced for each frame, from the frame after the change on', async () => {
    const [a, b] = [await enter('ana'), await enter('bo')];
    b.type('// while all write\n');
    await expect.poll(() => b.session.state.saved, wait).toBe(true);
    await command('ana', { type: 'drive' });
    // Typed before the news of it came, sent after it was so.
    b.type('// too late\n');
    await expect.poll(() => b.refused, wait).toEqual(['read_only']);
    expect(b.session.state.saved).toBe(false);
    a.type('// by the driver\n');
    const fresh = await enter('mentor');
    await expect.poll(() => fresh.text, wait).toContain('// by the driver');
    expect(fresh.text).toContain('// while all write');
    for (const { text } of [fresh, a]) expect(text).not.toContain('// too late');
    const lead = await enter('instructor');
    lead.type('// by the lead\n');
    await expect.poll(() => a.text, wait).toContain('// by the lead');
  });

  it('closes a stock client that writes while another drives', async () => {
    await enter('ana');
    const stock = stockClient(app.url, workspace.id, { cookie: cookies.bo });
    open.push(stock);
    await expect.poll(() => stock.provider.synced, wait).toBe(true);
    await command('ana', { type: 'drive' });
    stock.type('main.go', '// by a navigator\n');
    await expect.poll(() => stock.closed[0], wait).toBe(4403);
    expect((await enter('bo')).text).not.toContain('// by a navigator');
  });

  it('is the lead’s to give and to take, and nobody else’s to grab', async () => {
    const [a, b] = [await enter('ana'), await enter('bo')];
    await command('ana', { type: 'drive' });
    expect(await command('bo', { type: 'drive' })).toMatchObject({ status: 409 });
    expect(await command('bo', { type: 'free' })).toMatchObject({ status: 403 });
    expect(await command('mentor', { type: 'ask' })).toMatchObject({ status: 403 });
    expect(await command('chen', { type: 'ask' })).toMatchObject({ status: 404 });
    expect(await command('instructor', { type: 'drive', driver: bo.id })).toMatchObject({
      status: 200,
      body: { driver: bo.id, heldByLead: true, myRole: 'lead' },
    });
    await expect.poll(() => [a.role, b.role], wait).toEqual(['navigator', 'driver']);
    expect(await command('bo', { type: 'free' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    await command('instructor', { type: 'take_back' });
    await expect.poll(() => [a.role, b.role], wait).toEqual(['navigator', 'navigator']);
    await command('ana', { type: 'ask' });
    await expect.poll(() => a.role, wait).toBe('driver');
  });

  it('is for who is in the room', async () => {
    expect(await command('ana', { type: 'drive' })).toMatchObject({ status: 409 });
    await enter('ana');
    await command('ana', { type: 'drive' });
    expect(await command('ana', { type: 'hand_over', to: bo.id })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  it('carries out a repeated command once', async () => {
    const a = await enter('ana');
    await enter('bo');
    await command('ana', { type: 'drive' });
    const first = await command('ana', { type: 'hand_over', to: bo.id }, 'handed-over-once');
    const again = await command('ana', { type: 'hand_over', to: bo.id }, 'handed-over-once');
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await command('ana', { type: 'take_back' }, 'handed-over-once')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
    expect(a.session.state.control.driver).toBe(bo.id);
  });

  it('decides who resets too', async () => {
    await enter('ana');
    await enter('bo');
    await command('ana', { type: 'drive' });
    const reset = await app.request('POST', `/api/workspaces/${workspace.id}/reset`, {
      cookie: cookies.bo,
      body: {},
      headers: { 'idempotency-key': 'a-navigator-resets' },
    });
    expect(reset).toMatchObject({ status: 403 });
  });

  it('ends with the right to write', async () => {
    const [a, b] = [await enter('ana'), await enter('bo')];
    await command('bo', { type: 'drive' });
    await expect.poll(() => a.role, wait).toBe('navigator');
    await command('ana', { type: 'ask' });
    const setMembers = (memberIds: string[]) =>
      app.request('PUT', `/api/groups/${workspace.groupId}/members`, {
        cookie: cookies.instructor,
        body: { memberIds },
      });
    expect((await setMembers([ana.id])).status).toBe(200);
    await expect.poll(() => a.role, wait).toBe('driver');
    expect(b.closed).toBe(true);
    expect((await setMembers([ana.id, bo.id])).status).toBe(200);
  });

  it('passes to who asked when the driver stays away, and not when a page is loaded again', async () => {
    const controls = app.app.get(RoomControls);
    const [a, b] = [await enter('ana'), await enter('bo')];
    await command('ana', { type: 'drive' });
    await command('bo', { type: 'ask' });
    a.leave();
    await expect.poll(() => b.session.presence.people.size, wait).toBe(0);
    const again = await enter('ana');
    expect([again.role, b.session.state.control.driver]).toEqual(['driver', ana.id]);

    controls.graceMs = 1;
    again.leave();
    await expect.poll(() => b.role, wait).toBe('driver');
    expect(b.session.state.control).toMatchObject({ driver: bo.id, asking: [] });
    controls.graceMs = DRIVER_GRACE_MS;
  });

  it('goes round in turns, and says when one ends', async () => {
    const controls = app.app.get(RoomControls);
    const [a, b] = [await enter('ana'), await enter('bo')];
    await command('ana', { type: 'drive' });
    expect(await command('bo', { type: 'turns', minutes: 1 })).toMatchObject({ status: 403 });
    expect(await command('ana', { type: 'turns', minutes: 0 })).toMatchObject({ status: 400 });
    const set = await command('ana', { type: 'turns', minutes: 1 });
    expect(set).toMatchObject({ status: 200, body: { driver: ana.id, turnMinutes: 1 } });
    expect(Date.parse(set.body.turnEndsAt ?? '')).toBeGreaterThan(Date.now() + 30_000);
    await expect.poll(() => b.session.state.control.turnEndsAt ?? 0, wait).toBeGreaterThan(Date.now());

    controls.minuteMs = 50;
    await command('ana', { type: 'hand_over', to: bo.id });
    controls.minuteMs = 60_000;
    await expect.poll(() => [a.role, b.role], wait).toEqual(['driver', 'navigator']);
    expect(a.session.state.control.turnEndsAt).toBeGreaterThan(Date.now() + 30_000);
    await command('ana', { type: 'turns', minutes: null });
    await expect.poll(() => b.session.state.control.turnEndsAt, wait).toBeNull();
  });

  it('ends a turn although the clock was set back meanwhile', async () => {
    const controls = app.app.get(RoomControls);
    const [a, b] = [await enter('ana'), await enter('bo')];
    await command('ana', { type: 'drive' });
    controls.minuteMs = 500;
    await command('ana', { type: 'turns', minutes: 1 });
    controls.minuteMs = 60_000;
    const now = Date.now.bind(Date);
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() - 700);
    onTestFinished(() => clock.mockRestore());
    await expect.poll(() => [a.role, b.role], wait).toEqual(['navigator', 'driver']);
    await command('bo', { type: 'free' });
  });

  it('outlives the server: nobody becomes a driver by a restart', async () => {
    await enter('ana');
    await enter('bo');
    await command('ana', { type: 'drive' });
    await app.close();
    await start();
    const b = await enter('bo');
    expect([b.role, b.session.state.control.driver]).toEqual(['navigator', ana.id]);
    expect(
      await app.request('GET', `/api/workspaces/${workspace.id}/room`, { cookie: cookies.bo }),
    ).toMatchObject({
      status: 200,
      body: { mode: 'driver', driver: ana.id, myRole: 'navigator' },
    });
  });

  it('is told right after the hello', async () => {
    const socket = new WebSocket(
      `${app.url.replace('http', 'ws')}/collab/${workspace.id}`,
      [LINEAGE_SUBPROTOCOL],
      { headers: { cookie: cookies.ana } },
    );
    const frames: Frame[] = [];
    socket.on('message', (data: Buffer) => {
      const frame = decodeFrame(new Uint8Array(data), MAX_SERVER_FRAME_BYTES);
      if (frame !== null) frames.push(frame);
    });
    await expect.poll(() => frames.length, wait).toBeGreaterThan(1);
    expect(frames.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'control']);
    // A client that says who drives is none of ours.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const [, told] = frames;
    if (told !== undefined) socket.send(encodeFrame(told));
    expect(await closed).toBe(4422);
  });
});
