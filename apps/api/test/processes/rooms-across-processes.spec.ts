import { listFiles, readTree } from '@lineage/collab';
import type { Cohort, Lesson, RoomControlView, RoomsOverview, Workspace } from '@lineage/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { type StockClient, stockClient } from '../rooms/stock-client.ts';
import { ownClient, type WanderingClient } from '../rooms/wandering-client.ts';
import { type ApiProcess, type SeveralProcesses, startSeveral } from './several-processes.ts';

const wait = { timeout: 10_000, interval: 10 };
/** The bound of a move, with what a loaded machine adds. */
const moves = { timeout: 8_000, interval: 10 };

let several: SeveralProcesses;
let cookies: Record<'ana' | 'bo' | 'instructor', string>;
let workspace: Workspace;
let file: string;
const stock: StockClient[] = [];
const own: WanderingClient[] = [];

beforeAll(async () => {
  several = await startSeveral(2);
  cookies = {
    ana: await several.signIn('ana'),
    bo: await several.signIn('bo'),
    instructor: await several.signIn('instructor'),
  };
  const get = async <T>(at: string): Promise<T> =>
    (await several.request<T>('GET', at, { cookie: cookies.ana })).body;
  const { cohorts } = await get<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await get<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await get<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  const body = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  workspace = (await several.request<Workspace>('POST', '/api/workspaces', { cookie: cookies.ana, body }))
    .body;
  file = lesson.exercise.entryFile;
}, 120_000);
afterEach(() => {
  for (const client of stock.splice(0)) client.provider.destroy();
  for (const client of own.splice(0)) client.leave();
});
afterAll(() => several.close());

function enter(who: keyof typeof cookies, url: string): StockClient {
  const client = stockClient(url, workspace.id, { cookie: cookies[who] });
  stock.push(client);
  return client;
}

function enterOwn(who: keyof typeof cookies, url: string): WanderingClient {
  const client = ownClient(who, () => cookies[who]);
  own.push(client);
  client.join(url, workspace.id);
  return client;
}

type Lease = { process_id: string | null; fence: number };
async function lease(): Promise<Lease> {
  const rows = await several.query<Lease>(
    'SELECT process_id, fence FROM room_lease WHERE workspace_id = $1',
    [workspace.id],
  );
  return rows[0] ?? { process_id: null, fence: 0 };
}

/** The process that holds the room, and one that does not. */
async function holderAndRelay(): Promise<[ApiProcess, ApiProcess]> {
  await expect.poll(async () => (await lease()).process_id, wait).not.toBeNull();
  const { process_id: holder } = await lease();
  const [found] = await several.query<{ address: string }>('SELECT address FROM api_process WHERE id = $1', [
    holder,
  ]);
  const at = several.processes.findIndex((one) => one.peerAddress === found?.address);
  const [held, relay] = [several.processes[at], several.processes[1 - at]];
  if (held === undefined || relay === undefined) throw new Error('nobody holds the room');
  return [held, relay];
}

const textOf = (client: WanderingClient) => listFiles(client.doc).find(({ path }) => path === file)?.text;
const write = (client: WanderingClient, what: string): void => {
  const text = textOf(client);
  text?.insert(text.length, what);
};

describe('a room that another process holds', () => {
  it('is one room for stock and own clients of both processes', async () => {
    const [first, second] = several.processes as [ApiProcess, ApiProcess];
    const ana = enter('ana', first.url);
    await expect.poll(() => ana.provider.synced, wait).toBe(true);
    const bo = enter('bo', second.url);
    const lead = enterOwn('instructor', second.url);
    await expect.poll(() => bo.provider.synced && lead.isSynced, wait).toBe(true);
    for (let at = 0; at < 50; at++) {
      ana.type(file, `// ana ${at}\n`);
      bo.type(file, `// bo ${at}\n`);
      write(lead, `// lead ${at}\n`);
    }
    await expect.poll(() => lead.isSaved, wait).toBe(true);
    const lines = (text: string) => text.match(/\/\/ (ana|bo|lead) \d+/g)?.length;
    for (const text of [() => ana.text(file), () => bo.text(file), () => textOf(lead)?.toString() ?? ''])
      await expect.poll(() => lines(text()), wait).toBe(150);
    expect(readTree(bo.doc)).toEqual(readTree(ana.doc));
    const metrics = await several.request<string>('GET', '/metrics', { url: second.url });
    expect(metrics.body).toContain('lineage_process_channels{end="relay"} 2');
    const names = () =>
      [...ana.provider.awareness.getStates().values()].map(
        (state) => (state['user'] as { name?: string })?.name,
      );
    bo.provider.awareness.setLocalStateField('user', { name: 'the instructor' });
    await expect.poll(names, wait).toContain('Bo Lindqvist');
  });

  it('takes commands and gives texts wherever they are asked for', async () => {
    const [holder, relay] = await holderAndRelay();
    const ana = enterOwn('ana', relay.url);
    const bo = enterOwn('bo', holder.url);
    await expect.poll(() => ana.isSynced && bo.isSynced, wait).toBe(true);
    const command = async (url: string, body: unknown): Promise<RoomControlView> => {
      const headers = { 'idempotency-key': newId<string>() };
      const at = `/api/workspaces/${workspace.id}/room/commands`;
      const { status, body: view } = await several.request<RoomControlView>('POST', at, {
        cookie: cookies.ana,
        body,
        headers,
        url,
      });
      expect(status).toBe(200);
      return view;
    };
    const view = await command(relay.url, { type: 'drive' });
    expect(view).toMatchObject({ mode: 'driver', myRole: 'driver' });
    write(bo, '// nobody lets bo\n');
    await expect.poll(() => bo.refusals, wait).toBeGreaterThan(0);
    await command(relay.url, { type: 'free' });
    await expect.poll(() => bo.isSynced, wait).toBe(true);
    expect(textOf(bo)?.toString()).not.toContain('nobody lets bo');
  });

  it('is shown to operators with its holder, whichever process is asked', async () => {
    const [holder, relay] = await holderAndRelay();
    const bo = enter('bo', relay.url);
    await expect.poll(() => bo.provider.synced, wait).toBe(true);
    const operator = await several.signIn('operator');
    for (const { url } of [holder, relay]) {
      const { body } = await several.request<RoomsOverview>('GET', '/api/operations/rooms', {
        cookie: operator,
        url,
      });
      expect(body.processes.map(({ address }) => address).toSorted()).toEqual(
        several.processes.map(({ peerAddress }) => peerAddress).toSorted(),
      );
      expect(body.rooms).toMatchObject([
        { workspaceId: workspace.id, holder: holder.peerAddress, relayed: 1 },
      ]);
    }
  });

  it('is left by whoever signs out, on whichever process', async () => {
    const [holder, relay] = await holderAndRelay();
    const cookie = await several.signIn('bo');
    const there = stockClient(relay.url, workspace.id, { cookie });
    const here = stockClient(holder.url, workspace.id, { cookie });
    stock.push(there, here);
    await expect.poll(() => there.provider.synced && here.provider.synced, wait).toBe(true);
    await several.request('POST', '/api/auth/sign-out', { cookie, body: {}, url: holder.url });
    await expect.poll(() => [there.closed[0], here.closed[0]], wait).toEqual([4401, 4401]);
  });

  it('is left by whoever signed out while its holder could not hear of it', async () => {
    const [holder, relay] = await holderAndRelay();
    const cookie = await several.signIn('bo');
    const here = stockClient(holder.url, workspace.id, { cookie });
    stock.push(here);
    await expect.poll(() => here.provider.synced, wait).toBe(true);
    const deaf = await several.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'lineage-notices ' || $1::text`,
      [(await lease()).process_id],
    );
    expect(deaf).toHaveLength(1);
    await several.request('POST', '/api/auth/sign-out', { cookie, body: {}, url: relay.url });
    await expect.poll(() => here.closed[0], wait).toBe(4401);
  });

  it('is reset from the process that does not hold it', async () => {
    const [holder, relay] = await holderAndRelay();
    const ana = enter('ana', holder.url);
    const bo = enter('bo', relay.url);
    await expect.poll(() => ana.provider.synced && bo.provider.synced, wait).toBe(true);
    const headers = { 'idempotency-key': newId<string>() };
    const answer = await several.request('POST', `/api/workspaces/${workspace.id}/reset`, {
      cookie: cookies.ana,
      headers,
      url: relay.url,
    });
    expect(answer.status).toBe(200);
    await expect.poll(() => [ana.closed[0], bo.closed[0]], wait).toEqual([4409, 4409]);
  });
});

describe('a room whose holder is lost', () => {
  /** Types through the loss, and finds everything that was acknowledged. */
  async function survives(lose: (holder: ApiProcess) => Promise<void>): Promise<void> {
    const warm = enter('ana', several.url);
    await expect.poll(() => warm.provider.synced, wait).toBe(true);
    const [holder, relay] = await holderAndRelay();
    const before = await lease();
    const typist = enterOwn('ana', relay.url);
    const reader = enter('bo', relay.url);
    await expect.poll(() => typist.isSynced && reader.provider.synced, wait).toBe(true);
    const said: string[] = [];
    const saved: string[] = [];
    const typing = setInterval(() => {
      if (typist.isSaved) saved.push(...said.splice(0));
      const line = `// ${newId<string>()}\n`;
      said.push(line);
      write(typist, line);
    }, 5);
    await expect.poll(() => saved.length, wait).toBeGreaterThan(20);
    await lose(holder);
    const known = saved.length;
    await expect.poll(() => saved.length, moves).toBeGreaterThan(known + 20);
    clearInterval(typing);
    await expect.poll(() => typist.isSaved, wait).toBe(true);
    expect((await lease()).fence).toBeGreaterThan(before.fence);
    const text = textOf(typist)?.toString() ?? '';
    expect([...saved, ...said].filter((line) => !text.includes(line))).toEqual([]);
    await expect.poll(() => reader.text(file), wait).toBe(text);
  }

  it('goes on at another process after SIGKILL', async () => {
    let lost: ApiProcess | undefined;
    await survives(async (holder) => {
      lost = holder;
      await holder.kill();
    });
    await lost?.start();
  });

  it('goes on at another process after SIGTERM', async () => {
    let lost: ApiProcess | undefined;
    await survives(async (holder) => {
      lost = holder;
      await holder.stop();
    });
    await lost?.start();
  });

  it('is left at once by a process that only relays it', async () => {
    const warm = enter('ana', several.url);
    await expect.poll(() => warm.provider.synced, wait).toBe(true);
    const [, relay] = await holderAndRelay();
    const { fence } = await lease();
    const bo = enter('bo', relay.url);
    await expect.poll(() => bo.provider.synced, wait).toBe(true);
    await relay.stop();
    await expect.poll(() => bo.closed[0], wait).toBe(1012);
    expect((await lease()).fence).toBe(fence);
    await relay.start();
  });

  it('goes on when the holder sleeps, and the holder writes nothing when it wakes', async () => {
    let asleep: ApiProcess | undefined;
    await survives((holder) => {
      asleep = holder;
      holder.pause();
      return Promise.resolve();
    });
    const { fence } = await lease();
    asleep?.resume();
    const woken = enter('bo', asleep?.url ?? '');
    await expect.poll(() => woken.provider.synced, wait).toBe(true);
    const other = enter('ana', several.processes.find((one) => one !== asleep)?.url ?? '');
    await expect.poll(() => other.provider.synced, wait).toBe(true);
    woken.type(file, '// awake\n');
    await expect.poll(() => other.text(file), wait).toContain('// awake');
    expect((await lease()).fence).toBe(fence);
    expect(woken.text(file)).toBe(other.text(file));
  });
});
