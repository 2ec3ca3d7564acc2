import {
  createFile,
  decodeFrame,
  encodeFrame,
  type Frame,
  LINEAGE_SUBPROTOCOL,
  listFiles,
  MAX_FRAME_BYTES,
  MAX_SERVER_FRAME_BYTES,
  MAX_TEXT_BYTES,
  readTree,
} from '@lineage/collab';
import type { Cohort, Lesson, Workspace } from '@lineage/contracts';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { LivePermissions } from '../../src/features/classroom/live/live-permissions.ts';
import { RoomPermissions } from '../../src/features/rooms/room-permissions.ts';
import { startTestApp, type TestApp } from '../app.ts';
import { hearLog, type LogLine } from '../log-lines.ts';
import { type StockClient, stockClient } from '../rooms/stock-client.ts';
import { connect } from '../socket.ts';

const wait = { timeout: 5_000, interval: 10 };
type Who = 'ana' | 'bo' | 'chen' | 'mentor';

let app: TestApp;
let cookies: Record<Who, string>;
/** Ana's and Bo's, and Chen's. */
let workspace: Workspace;
let foreign: Workspace;
let log: LogLine[];
/** Sees whatever reaches the others in Ana's workspace. */
let bystander: StockClient;
const clients: StockClient[] = [];

beforeAll(async () => {
  app = await startTestApp();
  const names: Who[] = ['ana', 'bo', 'chen', 'mentor'];
  cookies = Object.fromEntries(
    await Promise.all(names.map(async (who) => [who, await app.signIn(who)])),
  ) as typeof cookies;
  workspace = await workspaceOf(cookies.ana);
  foreign = await workspaceOf(cookies.chen, workspace.groupId);
  log = hearLog();
  bystander = stockClient(app.url, workspace.id, { cookie: cookies.bo });
  await vi.waitFor(() => expect(bystander.provider.synced).toBe(true), wait);
});
afterEach(() => {
  for (const { provider } of clients.splice(0)) provider.destroy();
  expect(bystander.closed).toEqual([]);
  log.splice(0);
});
afterAll(async () => {
  bystander.provider.destroy();
  await app.close();
});

async function workspaceOf(cookie: string, notOf?: string): Promise<Workspace> {
  const read = async <T>(at: string): Promise<T> => (await app.request('GET', at, { cookie })).body as T;
  const { cohorts } = await read<{ cohorts: Cohort[] }>('/api/cohorts');
  const { groups, classSessions } = await read<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const { exercise } = await read<Lesson>(`/api/lessons/${classSessions[0]?.lessonIds[0]}`);
  const groupId = groups.find(({ id }) => id !== notOf)?.id;
  const body = { groupId, exerciseId: exercise.id };
  return (await app.request('POST', '/api/workspaces', { cookie, body })).body as Workspace;
}

async function enter(cookie: string, id: string = workspace.id): Promise<StockClient> {
  const client = stockClient(app.url, id, { cookie });
  clients.push(client);
  await expect.poll(() => client.provider.synced, wait).toBe(true);
  return client;
}

const logged = (message: string, fields: object = {}): Promise<void> =>
  expect
    .poll(() => log, wait)
    .toContainEqual(expect.objectContaining({ message, fields: expect.objectContaining(fields) }));

describe('a request', () => {
  const send = (at: string, body: string, cookie = cookies.ana): Promise<Response> =>
    fetch(app.url + at, {
      method: 'POST',
      headers: {
        cookie,
        origin: app.url,
        'content-type': 'application/json',
        'idempotency-key': 'a-bad-one',
      },
      body,
    });

  it.each([
    ['that is no JSON', '{"kind": ', 400, 'bad_request'],
    ['with bytes that are no text', '{"kind": "\xff\xfe', 400, 'bad_request'],
    ['that wants to change what all objects are', '{"kind":"run","__proto__":{"a":1}}', 400, 'bad_request'],
    ['that is nested ten thousand deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400, 'bad_request'],
    ['that is larger than any', `{"kind":"${'x'.repeat(300_000)}"}`, 413, 'too_large'],
  ])('%s is refused with a problem and a line in the log', async (_, body, status, code) => {
    const answer = await send(`/api/workspaces/${workspace.id}/runs`, body);
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { code, detail: expect.stringMatching(/\.$/) },
    ]);
    await logged('request refused', { status, route: '/api/workspaces/:workspaceId/runs' });
  });

  it.each([
    ['GET', ''],
    ['POST', '/reset'],
    ['POST', '/tickets'],
    ['POST', '/runs'],
    ['GET', '/runs'],
  ])('for the workspace of another group does not find it: %s %s', async (method, end) => {
    const at = `/api/workspaces/${foreign.id}${end}`;
    const body = end === '/runs' ? { kind: 'run' } : {};
    const headers = { 'idempotency-key': 'a-foreign-one' };
    const options = { cookie: cookies.ana, headers, ...(method === 'POST' ? { body } : {}) };
    expect(await app.request(method, at, options)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    await logged('request refused', { status: 404 });
  });
});

describe('a socket', () => {
  it('for the workspace of another group, or one that is none, does not find it', async () => {
    const ticket = await app.request('POST', `/api/workspaces/${workspace.id}/tickets`, {
      cookie: cookies.ana,
      body: {},
    });
    const { subprotocol } = ticket.body as { subprotocol: string };
    const tries = [
      stockClient(app.url, foreign.id, { cookie: cookies.ana }),
      stockClient(app.url, '..%2F..%2Fetc', { cookie: cookies.ana }),
      stockClient(app.url, foreign.id, { subprotocol }),
    ];
    clients.push(...tries);
    await expect.poll(() => tries.map(({ closed }) => closed[0]), wait).toEqual([4404, 4404, 4401]);
    await logged('room refused', { reason: 'notFound' });
    await logged('room refused', { reason: 'unauthenticated' });

    const { io, watch } = await connect(app.url, cookies.ana);
    expect(await watch({ stream: 'workspace', id: foreign.id })).toMatchObject({ code: 'not_found' });
    await logged('watch refused', { code: 'not_found' });
    io.close();
  });

  it('of the class that sends what is no watch is told so, and one that sends too much is closed', async () => {
    const { io, watch } = await connect(app.url, cookies.ana);
    for (const message of [null, 7, 'x', [], { stream: 'class' }, { stream: 'run', id: '../..', after: -1 }])
      expect(await watch(message)).toMatchObject({ ok: false, code: 'bad_request' });
    expect(log.filter(({ message }) => message === 'watch refused')).toHaveLength(1);
    const closed = new Promise((resolve) => io.once('disconnect', resolve));
    io.emit('watch', { stream: 'x'.repeat(20_000) } as never, () => undefined);
    await closed;
    await logged('class socket failed', { reason: 'transport error' });
  });
});

describe('a login that has run out', () => {
  async function runOut(persona: string): Promise<void> {
    await app.app.get(DataSource).query(
      `UPDATE auth."session" SET "expiresAt" = now() - interval '1 minute' WHERE "userId" =
        (SELECT id FROM auth."user" WHERE email = $1)`,
      [`${persona}@demo.invalid`],
    );
  }

  it('opens nothing any more, and closes what it had opened', async () => {
    const cookie = await app.signIn('mentor');
    const ticket = await app.request('POST', `/api/workspaces/${workspace.id}/tickets`, { cookie, body: {} });
    const byTicket = stockClient(app.url, workspace.id, ticket.body as { subprotocol: string });
    clients.push(byTicket);
    const room = await enter(cookie);
    await expect.poll(() => byTicket.provider.synced, wait).toBe(true);
    const { io } = await connect(app.url, cookie);
    const gone = new Promise((resolve) => io.once('disconnect', resolve));
    await Promise.all([runOut('mentor'), app.app.get(RoomPermissions).recheckLogins()]);
    expect([room.closed, byTicket.closed]).toEqual([[], []]);

    await app.app.get(RoomPermissions).recheckLogins();
    await app.app.get(LivePermissions).recheckLogins();
    await expect.poll(() => [room.closed[0], byTicket.closed[0]], wait).toEqual([4401, 4401]);
    await gone;
    await logged('room socket closed', { reason: 'unauthenticated' });
    await logged('class socket closed: its login has run out');
    expect(await app.request('GET', '/api/me', { cookie })).toMatchObject({ status: 401 });
    await expect(connect(app.url, cookie)).rejects.toThrow('unauthenticated');
    await logged('class socket refused', { code: 'unauthenticated' });
    const again = stockClient(app.url, workspace.id, { cookie });
    clients.push(again);
    await expect.poll(() => again.closed[0], wait).toBe(4401);
  });
});

describe('a frame', () => {
  /** Sends bytes as a client of the group does, and resolves to how the server closes it. */
  async function closeOf(bytes: Uint8Array): Promise<{ code: number; sentence: string }> {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/collab/${workspace.id}`, {
      headers: { cookie: cookies.ana },
    });
    return new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, sentence: reason.toString() }));
      socket.once('open', () => socket.send(bytes));
    });
  }
  const updateOf = (change: (doc: Y.Doc) => void): Uint8Array => {
    const doc = new Y.Doc();
    change(doc);
    return encodeFrame({ type: 'update', update: Y.encodeStateAsUpdate(doc) });
  };
  const whole = updateOf((doc) => createFile(doc, 'cut.go', 'package main // cut off somewhere\n'));
  const declared = (length: number): Uint8Array => new Uint8Array([0, 2, 255, 255, 255, length]);

  it.each<[string, Uint8Array]>([
    ['of an unknown type', new Uint8Array([255, 255, 255, 255])],
    ['without anything in it', new Uint8Array(0)],
    ['that says it is longer than it is', declared(127)],
    ['cut off in an update', whole.subarray(0, whole.length - 9)],
    ['with bytes after its end', new Uint8Array([...whole, 0])],
    ['that only a server sends', encodeFrame({ type: 'ack', n: 7 })],
    ['whose update is garbage', encodeFrame({ type: 'update', update: new Uint8Array([9, 9, 9, 9, 9]) })],
    ['with a root that no workspace has', updateOf((doc) => doc.getMap('grades').set('ana', 'A'))],
    ['with an array in a file', updateOf((doc) => doc.getMap('files').set('x', new Y.Array()))],
    ['with a number for a path', updateOf((doc) => doc.getMap('files').set('x', 7))],
  ])('%s ends its own connection with a sentence', async (_, bytes) => {
    const { code, sentence } = await closeOf(bytes);
    expect([code, sentence]).toEqual([4422, expect.stringContaining('could not understand')]);
    await logged('room socket closed', { reason: 'badFrame' });
  });

  it('that is too large ends its own connection, however large it is', async () => {
    const { code, sentence } = await closeOf(new Uint8Array(MAX_FRAME_BYTES + 1));
    expect([code, sentence]).toEqual([4413, expect.stringContaining('size limit')]);
    await logged('room socket closed', { reason: 'tooLarge' });
    expect(await closeOf(new Uint8Array(5 * 1024 * 1024))).toMatchObject({ code: 1009 });
    await logged('room socket failed');
  });

  it('in the name of another is refused', async () => {
    const bo = await enter(cookies.bo);
    bo.type('main.go', '// by bo\n');
    await expect.poll(() => bystander.text('main.go'), wait).toContain('// by bo');
    const forged = new Y.Doc();
    Y.applyUpdate(forged, Y.encodeStateAsUpdate(bystander.doc));
    forged.clientID = bo.doc.clientID;
    const before = Y.encodeStateVector(forged);
    listFiles(forged)[0]?.text.insert(0, '// not by bo\n');
    const update = Y.encodeStateAsUpdate(forged, before);
    expect(await closeOf(encodeFrame({ type: 'update', update }))).toMatchObject({ code: 4423 });
    await logged('room socket closed', { reason: 'foreignClientId' });
    expect(bystander.text('main.go')).not.toContain('// not by bo');
  });
});

describe('an edit', () => {
  /** Sends one update on a connection of our own protocol; resolves to the server's answer to it. */
  async function answerTo(change: (doc: Y.Doc) => void, who: Who = 'chen'): Promise<Frame | undefined> {
    const socket = new WebSocket(
      `${app.url.replace('http', 'ws')}/collab/${foreign.id}`,
      [LINEAGE_SUBPROTOCOL],
      { headers: { cookie: cookies[who] } },
    );
    const frames: Frame[] = [];
    socket.on('message', (data: Buffer) => {
      const frame = decodeFrame(new Uint8Array(data), MAX_SERVER_FRAME_BYTES);
      if (frame !== null) frames.push(frame);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const doc = new Y.Doc();
    socket.send(encodeFrame({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) }));
    await expect.poll(() => frames.map(({ type }) => type), wait).toContain('sync-step-2');
    for (const frame of frames) if (frame.type === 'sync-step-2') Y.applyUpdate(doc, frame.update);
    const before = Y.encodeStateVector(doc);
    doc.transact(() => change(doc));
    socket.send(encodeFrame({ type: 'update', update: Y.encodeStateAsUpdate(doc, before) }));
    const answer = () => frames.find((frame) => frame.type === 'ack' || frame.type === 'nack');
    await expect.poll(answer, wait).toBeDefined();
    socket.close();
    return answer();
  }

  it.each([
    ['that leaves the workspace', '../outside.go'],
    ['that leaves it on the way', 'a/../../b.go'],
    ['that is absolute', '/etc/passwd'],
    ['with a drive', 'C:\\windows.go'],
    ['with a NUL', 'a\u0000b.go'],
    ['that turns the writing around', 'a\u202eog.b'],
    ['with a space of no width', 'a\u200bb.go'],
    ['with a Cyrillic letter among Latin ones', 'm\u0430in.go'],
    ['that is the folder itself', '.'],
    ['that is a folder', 'folder/'],
    ['that is too long', 'x'.repeat(256)],
    ['that is too deep', 'a/b/c/d/e/f/g/h/i.go'],
  ])('that gives a file a name %s is refused', async (_, path) => {
    const other = await enter(cookies.chen, foreign.id);
    const tree = readTree(other.doc);
    expect(await answerTo((doc) => createFile(doc, path, 'package main\n'))).toMatchObject({
      type: 'nack',
      reason: 'bad_path',
    });
    await logged('room edit refused', { reason: 'bad_path' });
    expect(readTree(other.doc)).toEqual(tree);
  });

  it('may fill the workspace to its 256 KiB, and not a byte more', async () => {
    const other = await enter(cookies.chen, foreign.id);
    const used = () => readTree(other.doc).reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    const before = used();
    const fill = 'é'.repeat((MAX_TEXT_BYTES - before) >> 1) + 'x'.repeat((MAX_TEXT_BYTES - before) % 2);
    expect(await answerTo((doc) => createFile(doc, 'full.go', fill))).toMatchObject({ type: 'ack' });
    await expect.poll(used, wait).toBe(MAX_TEXT_BYTES);
    const more = (doc: Y.Doc) => listFiles(doc)[0]?.text.insert(0, 'x');
    expect(await answerTo(more)).toMatchObject({ type: 'nack', reason: 'too_large' });
    await logged('room edit refused', { reason: 'too_large' });
    expect(used()).toBe(MAX_TEXT_BYTES);
    const less = (doc: Y.Doc) =>
      listFiles(doc)
        .find(({ path }) => path === 'full.go')
        ?.text.delete(0, 1);
    expect(await answerTo(less)).toMatchObject({ type: 'ack' });
  });
});
