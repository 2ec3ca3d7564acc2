import { listFiles, readTree, type TreeFile } from '@lineage/collab';
import type { Attribution, Blame, Cohort, History, HistoryEdits, Workspace } from '@lineage/contracts';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StockClient } from '../rooms/stock-client.ts';
import { type Desk, openDesk, treeOf, wait } from './desk.ts';

let desk: Desk;
let ana: StockClient;
let bo: StockClient;
/** The files after each edit, as somebody in the room saw them. */
const seen: TreeFile[][] = [];

/** Until it is on disk and the other one sees it: so each is one row of the log. */
async function typed(who: StockClient, other: StockClient, what: string): Promise<void> {
  who.type(desk.file, what);
  await vi.waitFor(() => expect(other.text(desk.file)).toBe(who.text(desk.file)), wait);
  seen.push(readTree(who.doc));
}

const at = (path = ''): string => `/workspaces/${desk.workspace.id}${path}`;
const get = async <Body>(path: string, who = 'ana'): Promise<Body> =>
  (await desk.ask<Body>(who, 'GET', at(path))).body;

beforeAll(async () => {
  desk = await openDesk();
  ana = await desk.enter('ana');
  bo = await desk.enter('bo');
  seen.push(readTree(ana.doc));
  await typed(ana, bo, '// one\n');
  await typed(bo, ana, '// two\n');
  for (let n = 0; n < 20; n++) await typed(n % 2 === 0 ? ana : bo, n % 2 === 0 ? bo : ana, `// line ${n}\n`);
  const text = fileOf(ana).text;
  text.delete(text.length - '// line 19\n'.length, '// line 19\n'.length);
  await vi.waitFor(() => expect(bo.text(desk.file)).toBe(ana.text(desk.file)), wait);
  seen.push(readTree(ana.doc));
});
afterAll(() => desk.close());

function fileOf({ doc }: StockClient) {
  const file = listFiles(doc).find(({ path }) => path === desk.file);
  if (file === undefined) throw new Error('the file is gone');
  return file;
}

describe('the life of a workspace', () => {
  it('is told without its text: who wrote when, what ran, and which step the class was at', async () => {
    const { cohorts } = (await desk.ask<{ cohorts: Cohort[] }>('instructor', 'GET', '/cohorts')).body;
    const cohort = (await desk.ask<Cohort>('instructor', 'GET', `/cohorts/${cohorts[0]?.id}`)).body;
    const session = cohort.classSessions.find(({ lessonIds }) => lessonIds.includes(desk.workspace.lessonId));
    const lesson = (
      await desk.ask<{ steps: { id: string; title: object }[] }>(
        'ana',
        'GET',
        `/lessons/${desk.workspace.lessonId}`,
      )
    ).body;
    const commands = `/class-sessions/${session?.id}/commands`;
    if (session?.state !== 'live') await desk.ask('instructor', 'POST', commands, { type: 'start' });
    const step = lesson.steps.at(-1);
    const moved = { type: 'move_to_step', lessonId: desk.workspace.lessonId, stepId: step?.id };
    expect((await desk.ask('instructor', 'POST', commands, moved)).status).toBe(200);
    const history = await get<History>('/history');
    expect(history.epochs).toMatchObject([{ epoch: 1, edits: seen.length - 1, by: null }]);
    const edits = new Map<string, number>();
    for (const { by } of history.stretches)
      for (const { accountId, edits: n } of by) edits.set(accountId, (edits.get(accountId) ?? 0) + n);
    expect([...edits.values()].sort()).toEqual([11, 12]);
    expect(history.people.map(({ name }) => name).sort()).toEqual(['Ana Souza', 'Bo Lindqvist']);
    expect(history.marks).toContainEqual({ type: 'step', at: expect.any(String), title: step?.title });
    expect(JSON.stringify(history)).not.toContain('// line');
    expect(JSON.stringify(history)).not.toMatch(/@/);
  });

  it('can be played: from any edit on, every moment is as it was seen', async () => {
    for (const from of [0, 1, 7, seen.length - 1]) {
      const chunk = await get<HistoryEdits>(`/history/1/edits?from=${from}`);
      expect(chunk.head).toBe(seen.length - 1);
      expect(chunk.edits.map(({ seq }) => seq)).toEqual(seen.slice(from + 1).map((_, i) => from + 1 + i));
      for (let played = 0; played <= chunk.edits.length; played += 1) {
        const updates = chunk.edits.slice(0, played).map(({ update }) => update);
        expect(treeOf(chunk.state, updates)).toEqual(seen[from + played]);
      }
    }
  });

  it('exists for whoever may see the room, and for nobody else', async () => {
    for (const path of [
      '/history',
      '/history/1/edits',
      '/attribution',
      `/files/${fileOf(ana).id}/blame`,
      '/history.bundle',
    ]) {
      expect((await desk.ask('chen', 'GET', at(path))).status, path).toBe(404);
      expect((await desk.ask('mentor', 'GET', at(path))).status, path).toBe(200);
    }
    expect((await desk.ask('chen', 'POST', at('/branches'), { epoch: 1, seq: 3 })).status).toBe(404);
    expect((await desk.ask('mentor', 'POST', at('/branches'), { epoch: 1, seq: 3 })).status).toBe(403);
    expect((await desk.ask('ana', 'GET', at('/history/2/edits'))).status).toBe(404);
    expect((await desk.ask('ana', 'GET', at('/history/0/edits'))).status).toBe(400);
    expect((await desk.ask('ana', 'GET', at('/history/1/edits?from=-1'))).status).toBe(400);
  });
});

describe('whose the text is', () => {
  it('is told for each line, with when', async () => {
    const blame = await get<Blame>(`/files/${fileOf(ana).id}/blame`);
    const lines = blame.runs.flatMap(({ lines: n, by }) => Array.from({ length: n }, () => by));
    const text = ana.text(desk.file).split('\n');
    expect(lines).toHaveLength(text.length);
    const nameOf = (line: string): string | undefined => {
      const by = lines[text.indexOf(line)];
      return blame.people.find(({ id }) => id === by)?.name;
    };
    expect(nameOf('// one')).toBe('Ana Souza');
    expect(nameOf('// two')).toBe('Bo Lindqvist');
    expect(nameOf('// line 3')).toBe('Bo Lindqvist');
    expect(lines[0]).toBeNull();
    expect((await desk.ask('ana', 'GET', at('/files/nowhere/blame'))).status).toBe(404);
  });

  it('is summed up for each person: put in, taken out, and still there', async () => {
    const { people, template } = await get<Attribution>('/attribution');
    const of = (name: string) => people.find(({ person }) => person.name === name);
    // Ana took out what Bo had written last.
    const gone = '// line 19\n'.length;
    const bos = of('Bo Lindqvist');
    expect(of('Ana Souza')).toMatchObject({ edits: 12, deleted: gone });
    expect(bos).toMatchObject({ edits: 11, deleted: 0 });
    expect(bos?.live).toBe((bos?.inserted ?? 0) - gone);
    const live = people.reduce((sum, { live: units }) => sum + units, template);
    const total = readTree(ana.doc).reduce((sum, { content }) => sum + content.length, 0);
    expect(live).toBe(total);
  });
});

describe('a branch', () => {
  it('is a workspace of its own that begins with the text of the moment, once for each key', async () => {
    const body = { epoch: 1, seq: 3 };
    const headers = { 'idempotency-key': 'one-branch-of-it' };
    const post = (moment: object) =>
      desk.app.request('POST', `/api${at('/branches')}`, {
        cookie: desk.cookieOf('bo'),
        body: moment,
        headers,
      });
    const made = (await post(body)).body as Workspace;
    expect(made).toMatchObject({ branchOf: desk.workspace.id, epoch: 1, groupId: desk.workspace.groupId });
    expect((await post(body)).body).toMatchObject({ id: made.id });
    expect((await post({ epoch: 1, seq: 4 })).status).toBe(422);
    const there = await desk.enter('ana', made.id);
    expect(readTree(there.doc)).toEqual(seen[3]);
    there.type(desk.file, '// only in the branch\n');
    expect(ana.text(desk.file)).not.toContain('only in the branch');
    const { branches } = await get<History>('/history');
    expect(branches).toMatchObject([{ id: made.id, epoch: 1, seq: 3 }]);
    // Opening the exercise still leads to the group's own workspace.
    const { groupId, exerciseId } = desk.workspace;
    const opened = await desk.ask<Workspace>('ana', 'POST', '/workspaces', { groupId, exerciseId });
    expect(opened.body).toMatchObject({ id: desk.workspace.id, branchOf: null });
  });

  it('of a moment that has not come is refused', async () => {
    expect((await desk.ask('ana', 'POST', at('/branches'), { epoch: 1, seq: 9_999 })).status).toBe(404);
    expect((await desk.ask('ana', 'POST', at('/branches'), { epoch: 2, seq: 0 })).status).toBe(404);
  });
});

it('a log without stored states is played from the middle, and leaves states behind', async () => {
  const db = desk.app.app.get(DataSource);
  const [template]: { state: Buffer }[] = await db.query(
    'SELECT state FROM workspace_template WHERE workspace_id = $1 AND epoch = 1',
    [desk.workspace.id],
  );
  expect(template).toBeDefined();
  // A workspace of another group that was opened and then typed in for hours.
  const made = (await desk.ask<Workspace>('ana', 'POST', at('/branches'), { epoch: 1, seq: 0 })).body;
  const { longLog } = await import('./long-log.ts');
  const { text } = await longLog(db, made.id, desk.file, 2_500);
  const chunk = (
    await desk.ask<HistoryEdits>('ana', 'GET', `/workspaces/${made.id}/history/1/edits?from=2300`)
  ).body;
  expect(chunk.edits).toHaveLength(200);
  const updates = chunk.edits.map(({ update }) => update);
  expect(treeOf(chunk.state, updates).find(({ path }) => path === desk.file)?.content).toBe(text);
  const states: { n: number }[] = await db.query(
    'SELECT count(*)::int AS n FROM room_snapshot WHERE workspace_id = $1',
    [made.id],
  );
  expect(states[0]?.n).toBeGreaterThan(0);
});
