import { createFile, filesOf, listFiles } from '@lineage/collab';
import type { Cohort, Lesson, Run, RunEvent, StartRun, Workspace } from '@lineage/contracts';
import { expect, vi } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { startTestApp, type TestApp } from '../app.ts';
import type { TestDatabase } from '../database.ts';
import { type StockClient, stockClient } from '../rooms/stock-client.ts';

/** The first build of a machine compiles what later ones find. */
export const wait = { timeout: 60_000, interval: 20 };

type Answer<T> = { readonly status: number; readonly body: T; readonly headers: Headers };

/** A learner at a workspace of the demo's first group, on the real application with the real agent. */
export type RunDesk = {
  readonly app: TestApp;
  readonly workspace: Workspace;
  readonly cookies: Record<'ana' | 'bo' | 'chen' | 'mentor', string>;
  /** Replaces every Go file; resolves when the server has committed and shown it. */
  write(files: Record<string, string>): Promise<void>;
  /** Presses Run. Ana does unless another cookie is given; the key is fresh unless one is given. */
  press(request: StartRun, by?: { cookie?: string; key?: string }): Promise<Answer<Run>>;
  post<T>(at: string, body: unknown, cookie?: string): Promise<Answer<T>>;
  get(id: string): Promise<Run>;
  events(id: string): Promise<RunEvent[]>;
  /** What the program has written to both streams so far. */
  output(id: string): Promise<string>;
  /** Waits for the end, and holds that the events have no gap and one end. */
  ended(id: string, withinMs?: number): Promise<{ run: Run; events: RunEvent[] }>;
  close(): Promise<void>;
};

export async function openDesk(env: Record<string, string> = {}, database?: TestDatabase): Promise<RunDesk> {
  const app = await startTestApp({ env, ...(database === undefined ? {} : { database }) });
  const [ana = '', bo = '', chen = '', mentor = ''] = await Promise.all(
    ['ana', 'bo', 'chen', 'mentor'].map((who) => app.signIn(who)),
  );
  const read = async <T>(at: string): Promise<T> => (await app.request('GET', at, { cookie: ana })).body as T;
  const workspace = await openWorkspace(app, ana);
  const [writer, reader] = await openClients(app, workspace.id, [ana, bo]);

  const press: RunDesk['press'] = async (body, { cookie = ana, key = newId<string>() } = {}) => {
    const headers = { 'idempotency-key': key };
    const answer = await app.request('POST', `/api/workspaces/${workspace.id}/runs`, {
      cookie,
      body,
      headers,
    });
    return { ...answer, body: answer.body as Run };
  };
  const get = (id: string): Promise<Run> => read(`/api/runs/${id}`);
  const events = async (id: string): Promise<RunEvent[]> =>
    (await read<{ events: RunEvent[] }>(`/api/runs/${id}/events`)).events;
  return {
    app,
    workspace,
    cookies: { ana, bo, chen, mentor },
    press,
    get,
    events,
    write: (files) => replaceGoFiles(writer, reader, files),
    async post(at, body, cookie = ana) {
      const answer = await app.request('POST', at, { cookie, body });
      return { ...answer, body: answer.body as never };
    },
    output: async (id) => textOf(await events(id)),
    async ended(id, withinMs = wait.timeout) {
      await vi.waitFor(async () => expect((await get(id)).finishedAt).not.toBeNull(), {
        ...wait,
        timeout: withinMs,
      });
      const all = await events(id);
      expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
      expect(all.filter(({ body }) => body.type === 'end')).toHaveLength(1);
      expect(all.at(-1)?.body.type).toBe('end');
      return { run: await get(id), events: all };
    },
    async close() {
      writer.provider.destroy();
      reader.provider.destroy();
      await app.close();
    },
  };
}

export const textOf = (events: readonly RunEvent[]): string =>
  events.map(({ body }) => (body.type === 'output' ? body.text : '')).join('');

/** Replaces every Go file of a workspace that no desk is at. */
export async function writeInto(
  app: TestApp,
  workspaceId: string,
  cookie: string,
  files: Record<string, string>,
): Promise<void> {
  const [writer, reader] = await openClients(app, workspaceId, [cookie, cookie]);
  await replaceGoFiles(writer, reader, files);
  for (const { provider } of [writer, reader]) provider.destroy();
}

async function openClients(
  { url }: TestApp,
  workspaceId: string,
  [writerCookie, readerCookie]: readonly [string, string],
): Promise<[StockClient, StockClient]> {
  const writer = stockClient(url, workspaceId, { cookie: writerCookie });
  const reader = stockClient(url, workspaceId, { cookie: readerCookie });
  await vi.waitFor(() => expect([writer, reader].every(({ provider }) => provider.synced)).toBe(true), wait);
  return [writer, reader];
}

async function replaceGoFiles(
  writer: StockClient,
  reader: StockClient,
  files: Record<string, string>,
): Promise<void> {
  writer.doc.transact(() => {
    for (const { id, path } of listFiles(writer.doc))
      if (path.endsWith('.go')) filesOf(writer.doc).delete(id);
    for (const [path, content] of Object.entries(files)) createFile(writer.doc, path, content);
  });
  // What a second reader sees has been committed before.
  const wanted = writer.doc.getMap('files').toJSON();
  await vi.waitFor(() => expect(reader.doc.getMap('files').toJSON()).toEqual(wanted), wait);
}

/** A main.go with these statements. */
export function program(statements: string, imports: readonly string[] = ['fmt']): Record<string, string> {
  const imported = imports.map((path) => `import "${path}"\n`).join('');
  return { 'main.go': `package main\n\n${imported}\nfunc main() {\n${statements}\n}\n` };
}

/** The first group's workspace on the first lesson, for whoever may open it. */
export async function openWorkspace(app: TestApp, cookie: string): Promise<Workspace> {
  const read = async <T>(at: string): Promise<T> => (await app.request('GET', at, { cookie })).body as T;
  const { cohorts } = await read<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await read<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await read<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  const body = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  return (await app.request('POST', '/api/workspaces', { cookie, body })).body as Workspace;
}
