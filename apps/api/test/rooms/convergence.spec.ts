import { createFile, deleteFile, listFiles, renameFile } from '@lineage/collab';
import type { Cohort, Lesson, RoomCommand, Workspace } from '@lineage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Y from 'yjs';
import { newId } from '../../src/platform/ids/index.ts';
import { startTestApp, type TestApp } from '../app.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { seededRandom } from '../seeded-random.ts';
import { ownClient, stockWanderer, type WanderingClient } from './wandering-client.ts';

/**
 * Random work of several people, ours and stock clients mixed, with connections that come and go, drivers that change,
 * resets and restarts of the server. `LINEAGE_FUZZ_OPERATIONS=100000 LINEAGE_FUZZ_SEED=7 npx vitest run convergence`
 * does as many as one likes. The seed decides what is done; how frames meet on the way is the machine's affair, so a
 * failure may need several runs to be seen again.
 */
const OPERATIONS = Number(process.env['LINEAGE_FUZZ_OPERATIONS'] ?? 1_500);
const SEED = Number(process.env['LINEAGE_FUZZ_SEED'] ?? 20_261_125);
/** Everybody is together and compared after as many operations. */
const COMPARE_EVERY = 250;
const wait = { timeout: 20_000, interval: 10 };
/** Appended to by everybody and deleted from by nobody, so that what was acknowledged can be looked for. */
const LEDGER = 'ledger.txt';

const people = ['ana', 'bo', 'instructor'] as const;
type Who = (typeof people)[number];

let database: TestDatabase;
let app: TestApp;
let cookies: Record<Who, string>;
let workspace: Workspace;
let clients: readonly WanderingClient[] = [];

async function start(): Promise<void> {
  app = await startTestApp({ database });
  const signedIn = await Promise.all(people.map(async (who) => [who, await app.signIn(who)] as const));
  cookies = Object.fromEntries(signedIn) as typeof cookies;
}

beforeAll(async () => {
  database = await createDatabase();
  await start();
  const get = async <T>(at: string): Promise<T> =>
    (await app.request('GET', at, { cookie: cookies.ana })).body as T;
  const { cohorts } = await get<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await get<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await get<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  const body = { groupId: cohort.groups[0]?.id, exerciseId: lesson.exercise.id };
  workspace = (await app.request('POST', '/api/workspaces', { cookie: cookies.ana, body })).body as Workspace;
  clients = [
    ownClient('ana', () => cookies.ana),
    ownClient('bo', () => cookies.bo),
    ownClient('instructor', () => cookies.instructor),
    stockWanderer('ana, stock', () => cookies.ana),
    stockWanderer('bo, stock', () => cookies.bo),
  ];
});
afterAll(async () => {
  for (const client of clients) client.leave();
  await app.close();
  await database.drop();
});

const post = (who: Who, at: string, body: unknown) =>
  app.request('POST', `/api/workspaces/${workspace.id}/${at}`, {
    cookie: cookies[who],
    body,
    headers: { 'idempotency-key': newId<string>() },
  });
const command = (who: Who, body: RoomCommand) => post(who, 'room/commands', body);

describe('a room in which anything happens', () => {
  it(
    `is the same for everybody after ${OPERATIONS} random operations, and has all that was acknowledged`,
    async () => {
      const pick = seededRandom(SEED);
      const one = <T>(from: readonly T[]): T => from[pick(from.length)] as T;
      const joined = new Set<WanderingClient>();
      const done: Record<string, number> = {};
      /** Written by own clients in this epoch, and those of them that were acknowledged. */
      let tokens: { readonly text: string; readonly by: WanderingClient; readonly doc: Y.Doc }[] = [];
      let durable: string[] = [];
      /** In all epochs: the last one may have begun just before the end. */
      let acknowledged = 0;
      let nth = 0;

      const come = (client: WanderingClient): void => {
        if (joined.has(client)) return;
        joined.add(client);
        client.join(app.url, workspace.id);
      };
      const go = (client: WanderingClient): void => {
        if (joined.delete(client)) client.leave();
      };
      const note = (): void => {
        tokens = tokens.filter((token) => {
          if (token.by.doc !== token.doc) return false;
          if (!token.by.isSaved) return true;
          durable.push(token.text);
          acknowledged += 1;
          return false;
        });
      };
      const edit = (client: WanderingClient): void => {
        const files = listFiles(client.doc).filter(({ path }) => path !== LEDGER);
        const file = one(files);
        client.doc.transact(() => {
          if (file === undefined) return;
          const at = pick(file.text.length + 1);
          const length = Math.min(pick(6), file.text.length - at);
          if (pick(3) === 0 && length > 0) file.text.delete(at, length);
          else file.text.insert(at, one(['x', 'func ', '\n', '界', '👩‍👩‍👧', '\t}']));
        });
      };
      const write = (client: WanderingClient): void => {
        const ledger = listFiles(client.doc).find(({ path }) => path === LEDGER);
        const text = `<${nth++}>`;
        if (ledger === undefined) return;
        ledger.text.insert(ledger.text.length, text);
        if (!client.isStock) tokens.push({ text, by: client, doc: client.doc });
      };
      const changeTree = (client: WanderingClient): void => {
        const files = listFiles(client.doc).filter(({ path }) => path !== LEDGER);
        const path = one(['a.go', 'A.go', 'ring', 'ring/ring.go', 'b.go']);
        const kind = pick(3);
        client.doc.transact(() => {
          const file = one(files);
          if (kind === 0 && files.length < 20) createFile(client.doc, path, `// ${path}\n`);
          else if (kind === 1 && file !== undefined) renameFile(client.doc, file.id, path);
          else if (file !== undefined && files.length > 2) deleteFile(client.doc, file.id);
        });
      };
      const together = async (): Promise<void> => {
        for (const client of clients) come(client);
        expect(await command('instructor', { type: 'free' })).toMatchObject({ status: 200 });
        const differing = (): string[] => {
          const [first, ...others] = clients.map(({ tree }) => JSON.stringify(tree));
          return clients
            .filter((client, index) => !client.isSynced || (index > 0 && others[index - 1] !== first))
            .map(({ name }) => name);
        };
        await expect.poll(differing, { ...wait, message: `seed ${SEED}, after ${nth}` }).toEqual([]);
        await expect
          .poll(() => clients.filter((client) => !client.isStock && !client.isSaved).length, wait)
          .toBe(0);
        note();
        const ledger = clients[0]?.tree.find(({ path }) => path === LEDGER)?.content ?? '';
        expect(durable.filter((text) => ledger.split(text).length !== 2)).toEqual([]);
      };
      const begin = async (): Promise<void> => {
        tokens = [];
        durable = [];
        await together();
        const [first] = clients;
        first?.doc.transact(() => createFile(first.doc, LEDGER, '// ledger\n'));
        await together();
      };
      const act = async (): Promise<void> => {
        const client = one(clients);
        const dice = pick(1_000);
        const count = (what: string): void => void (done[what] = (done[what] ?? 0) + 1);
        if (dice < 620) (count('edit'), edit(client));
        else if (dice < 840) (count('write'), write(client));
        else if (dice < 880) (count('tree'), changeTree(client));
        else if (dice < 930) (count('leave'), go(client));
        else if (dice < 975) (count('join'), come(client));
        else if (dice < 994) {
          count('control');
          const who = one(people);
          await command(
            who,
            one<RoomCommand>([{ type: 'drive' }, { type: 'ask' }, { type: 'free' }, { type: 'take_back' }]),
          );
        } else if (dice < 998) {
          count('reset');
          expect(await post('instructor', 'reset', {})).toMatchObject({ status: 200 });
          await begin();
        } else {
          count('restart');
          note();
          for (const other of clients) go(other);
          await app.close();
          await start();
        }
        note();
      };

      await begin();
      for (let operation = 1; operation <= OPERATIONS; operation++) {
        await act();
        // Frames travel between operations, as many as it pleases.
        if (pick(3) === 0) await new Promise((resolve) => setImmediate(resolve));
        if (operation % COMPARE_EVERY === 0) await together();
      }
      await together();

      const fresh = ownClient('fresh', () => cookies.ana);
      fresh.join(app.url, workspace.id);
      await expect.poll(() => fresh.isSynced, wait).toBe(true);
      expect(fresh.tree).toEqual(clients[0]?.tree);
      fresh.leave();
      // Each kind of operation did happen, but for the rarest of a short run.
      expect(Object.keys(done)).toEqual(
        expect.arrayContaining(['edit', 'write', 'tree', 'leave', 'join', 'control']),
      );
      expect(acknowledged).toBeGreaterThan(OPERATIONS / 100);
    },
    Math.max(120_000, OPERATIONS * 60),
  );
});
