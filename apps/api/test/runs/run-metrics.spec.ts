import type { RunnerOverview } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSeries } from '../series.ts';
import { openDesk, program, type RunDesk, wait } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk({ LINEAGE_RUN_SLOTS: '1' });
}, timeout);
afterAll(() => desk.close());

const series = async (name: string): Promise<number | undefined> => (await readSeries(desk.app)).get(name);

it('counts runs by kind and verdict, and times their stages and their wait', { timeout }, async () => {
  await desk.write({
    ...program('\tfmt.Println("on")\n\tfmt.Scanln()'),
    'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestAll(t *testing.T) {}\n',
  });
  const run = (await desk.press({ kind: 'run' })).body.id;
  await expect.poll(() => desk.output(run), wait).toBe('on\n');
  const test = (await desk.press({ kind: 'test' })).body.id;
  await expect.poll(async () => (await desk.events(test)).length, wait).toBeGreaterThan(1);
  expect(await series('lineage_run_queue_seconds_count')).toBe(1);
  await desk.post(`/api/runs/${run}/stdin`, { text: '\n', close: true });
  for (const id of [run, test]) expect((await desk.ended(id)).run.state).toBe('passed');

  await expect.poll(() => series('lineage_runs_total{kind="run",verdict="passed"}'), wait).toBe(1);
  await expect.poll(() => series('lineage_runs_total{kind="test",verdict="passed"}'), wait).toBe(1);
  const now = await readSeries(desk.app);
  // The second had a slot when somebody had typed.
  expect(now.get('lineage_run_queue_seconds_count')).toBe(2);
  expect(now.get('lineage_run_queue_seconds_sum')).toBeGreaterThan(0);
  for (const stage of ['compile', 'link', 'run'])
    expect(now.get(`lineage_run_stage_seconds_count{stage="${stage}"}`), stage).toBeGreaterThan(0);
  const builds = [...now].filter(([name]) => name.startsWith('lineage_run_builds_total{path='));
  expect(builds.map(([, count]) => count).reduce((sum, count) => sum + count, 0)).toBe(2);
});

it('counts runs that a limit ended, by the limit', { timeout }, async () => {
  // Where a slot has a disk of its own a write fails; elsewhere the agent looks while the program waits.
  const fill =
    '\tfor n := range 20 {\n\t\tname := fmt.Sprint(os.TempDir(), "/", n)\n\t\tif err := os.WriteFile(name, make([]byte, 8<<20), 0o600); err != nil {\n\t\t\tpanic(err)\n\t\t}\n\t}';
  await desk.write(program(`${fill}\n\tfmt.Scanln()`, ['fmt', 'os']));
  const { run } = await desk.ended((await desk.press({ kind: 'run' })).body.id);
  expect(run).toMatchObject({ state: 'limited', limit: 'disk' });
  await expect.poll(() => series('lineage_runs_limited_total{limit="disk"}'), wait).toBe(1);
  expect(await series('lineage_runs_total{kind="run",verdict="limited"}')).toBe(1);
});

it('tells the level of isolation that operators see', { timeout }, async () => {
  const cookie = await desk.app.signIn('operator');
  const { body } = await desk.app.request('GET', '/api/operations/runner', { cookie });
  const { agents, counts } = body as RunnerOverview;
  const now = await readSeries(desk.app);
  const levels = ['full', 'restricted', 'refused'] as const;
  expect(levels.map((level) => now.get(`lineage_runner_level{level="${level}"}`))).toEqual(
    levels.map((level) => (level === agents[0]?.level ? 1 : 0)),
  );
  // There it is one figure for each verdict, of all kinds.
  const passed = ['run', 'test'].map((kind) =>
    now.get(`lineage_runs_total{kind="${kind}",verdict="passed"}`),
  );
  expect(passed).toEqual([1, 1]);
  expect(counts.verdicts['passed']).toBe(2);
});
