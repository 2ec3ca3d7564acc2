import { readTree, type TreeFile } from '@lineage/collab';
import type { Cohort, Lesson, Workspace } from '@lineage/contracts';
import { expect, vi } from 'vitest';
import * as Y from 'yjs';
import { newId } from '../../src/platform/ids/index.ts';
import { startTestApp, type TestApp } from '../app.ts';
import type { TestDatabase } from '../database.ts';
import { type StockClient, stockClient } from '../rooms/stock-client.ts';

export const wait = { timeout: 5_000, interval: 10 };

/** One workspace with people at it, on the real application. */
export type Desk = {
  readonly app: TestApp;
  readonly workspace: Workspace;
  /** The file that the exercise is about. */
  readonly file: string;
  ask<Body>(
    who: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Body }>;
  cookieOf(who: string): string;
  /** In the workspace's room, with everything that is there. */
  enter(who: string, id?: string): Promise<StockClient>;
  close(): Promise<void>;
};

export async function openDesk(database?: TestDatabase): Promise<Desk> {
  const app = await startTestApp(database === undefined ? {} : { database });
  const personas = ['ana', 'bo', 'chen', 'mentor', 'instructor'];
  const cookies = Object.fromEntries(
    await Promise.all(personas.map(async (who) => [who, await app.signIn(who)])),
  );
  const cookieOf = (who: string): string => cookies[who] ?? '';
  // Of another desk on the same database others.
  const session = newId<string>();
  let requests = 0;
  const ask: Desk['ask'] = async <Body>(who: string, method: string, path: string, body?: unknown) => {
    const headers = { 'idempotency-key': `${session}-${requests++}` };
    const answer = await app.request(method, `/api${path}`, {
      cookie: cookieOf(who),
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, body: answer.body as Body };
  };
  const { cohorts } = (await ask<{ cohorts: Cohort[] }>('ana', 'GET', '/cohorts')).body;
  const cohort = (await ask<Cohort>('ana', 'GET', `/cohorts/${cohorts[0]?.id}`)).body;
  const lesson = (await ask<Lesson>('ana', 'GET', `/lessons/${cohort.classSessions[0]?.lessonIds[0]}`)).body;
  const wanted = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  const workspace = (await ask<Workspace>('ana', 'POST', '/workspaces', wanted)).body;
  const clients: StockClient[] = [];
  return {
    app,
    workspace,
    file: lesson.exercise.entryFile,
    ask,
    cookieOf,
    enter: async (who, id = workspace.id) => {
      const client = stockClient(app.url, id, { cookie: cookieOf(who) });
      clients.push(client);
      // Hooks may not poll with `expect`.
      await vi.waitFor(() => expect(client.provider.synced).toBe(true), wait);
      return client;
    },
    close: async () => {
      for (const { provider } of clients) provider.destroy();
      await app.close();
    },
  };
}

/** A document of base64 updates, as a player makes it. */
export function treeOf(state: string, updates: readonly string[]): TreeFile[] {
  const doc = new Y.Doc();
  for (const update of [state, ...updates]) Y.applyUpdate(doc, Buffer.from(update, 'base64'));
  return readTree(doc);
}
