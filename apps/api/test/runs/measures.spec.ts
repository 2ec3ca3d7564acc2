import type { ComparableRun, Me, Run, RunEvent, RunEventBody, RunId, Workspace } from '@lineage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { RunEntity } from '../../src/features/runs/run.entity.ts';
import { newId } from '../../src/platform/ids/index.ts';
import { openDesk, program, type RunDesk, wait, writeInto } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk();
}, timeout);
afterAll(() => desk.close());

const bodies = <T extends RunEventBody['type']>(events: readonly { body: RunEventBody }[], type: T) =>
  events.flatMap(({ body }) => (body.type === type ? [body as Extract<RunEventBody, { type: T }>] : []));

/** A package with one benchmark. */
const adding = (source: string): Record<string, string> => ({
  'a.go': source,
  'a_test.go':
    'package a\n\nimport "testing"\n\nvar sink int\n\nfunc BenchmarkAdd(b *testing.B) {\n\tfor b.Loop() {\n\t\tsink++\n\t}\n}\n',
});

describe('what is measured', () => {
  it('is told while the program runs, and kept', { timeout }, async () => {
    await desk.write(
      program(
        // It works on what it allocates: a collector that gets no core for a moment must not cost the program its memory.
        '\tfor began := time.Now(); time.Since(began) < 1200*time.Millisecond; {\n\t\tkept = make([]byte, 64<<10)\n\t\tfor n := range 2 * len(kept) {\n\t\t\tkept[n%len(kept)] += byte(n)\n\t\t}\n\t}\n}\n\nvar kept []byte\n\nfunc init() {',
        ['time'],
      ),
    );
    const { body } = await desk.press({
      kind: 'run',
      signals: ['cpu', 'trace', 'metrics', 'gctrace', 'goroutineleak'],
    });
    const { run, events } = await desk.ended(body.id);
    expect(run.state).toBe('passed');
    const windows = bodies(events, 'window');
    expect(windows.length).toBeGreaterThan(1);
    expect(windows.map(({ number }) => number)).toEqual(windows.map((_, at) => at + 1));
    expect(Buffer.from(windows[0]?.profile ?? '', 'base64').subarray(0, 2)).toEqual(
      Buffer.from([0x1f, 0x8b]),
    );
    expect(bodies(events, 'metrics').flatMap(({ samples }) => samples).length).toBeGreaterThan(2);
    expect(bodies(events, 'records').flatMap(({ gc }) => gc).length).toBeGreaterThan(2);
    expect(bodies(events, 'trace').flatMap(({ tiles }) => tiles).length).toBeGreaterThan(10);
    expect(run.artifacts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['cpu.pb.gz', 'goroutineleak.pb.gz', 'trace.out']),
    );
    expect(bodies(events, 'end')[0]?.quiet?.cores).toBeGreaterThan(0);
  });

  it('is a benchmark with its worth, and a program over a parameter', { timeout }, async () => {
    await desk.write(adding('package a\n'));
    const values = [1, 1.01, 1.02, 1.03, 1.04, 1.05];
    const previous = [{ name: 'BenchmarkAdd', unit: 'sec/op', values }];
    const bench = await desk.press({ kind: 'bench', testing: { benchMs: 10, previous } });
    const told = bodies((await desk.ended(bench.body.id)).events, 'benchmark');
    const perOp = told.find(({ unit }) => unit === 'sec/op');
    expect(perOp).toMatchObject({ name: 'BenchmarkAdd', comparison: { differs: true } });
    expect(perOp?.values).toHaveLength(6);

    // The next one is compared with it, once the text is another.
    const again = await desk.press({ kind: 'bench', testing: { benchMs: 10 }, compareWith: 'previous' });
    expect(bodies((await desk.ended(again.body.id)).events, 'given')).toEqual([]);
    await saidNoisy(again.body.id, true);
    await saidNoisy(bench.body.id, false);
    await desk.write(adding('package a // again\n'));
    const later = await desk.press({ kind: 'bench', testing: { benchMs: 10 }, compareWith: 'previous' });
    const compared = (await desk.ended(later.body.id)).events;
    expect(bodies(compared, 'given')[0]?.comparedWith).toMatchObject({
      id: again.body.id,
      isOwn: true,
      noisy: true,
    });
    expect(bodies(compared, 'benchmark').map(({ comparison }) => comparison?.p)).not.toContain(undefined);
    await notEnded(later.body.id);
    const list = `/api/workspaces/${desk.workspace.id}/comparable-runs`;
    const { runs } = (await desk.app.request('GET', list, { cookie: desk.cookies.ana })).body as {
      runs: ComparableRun[];
    };
    expect(runs.map(({ id }) => id)).toEqual([later, again, bench].map(({ body }) => body.id));
    expect(runs.map(({ noisy }) => noisy)).toEqual([undefined, true, false]);

    await comparesNoMoreThanOneMaySee(bench.body.id, perOp?.center);

    await desk.write(program('\tfmt.Println(os.Getenv("GOGC"))', ['fmt', 'os']));
    const swept = await desk.press({ kind: 'run', sweep: { parameter: 'GOGC', values: ['50', 'off'] } });
    const sweepEvents = (await desk.ended(swept.body.id)).events;
    expect(bodies(sweepEvents, 'given')[0]?.sweep?.parameter).toBe('GOGC');
    const points = bodies(sweepEvents, 'sweep_point');
    expect(points.map(({ value, verdict }) => [value, verdict])).toEqual([
      ['50', 'passed'],
      ['off', 'passed'],
    ]);
  });
});

/** How busy the machine was is the agent's to find out, and may be anything here. */
const saidNoisy = (id: RunId, noisy: boolean): Promise<unknown> =>
  desk.app.app.get(DataSource).getRepository(RunEntity).update({ id }, { noisy });
/** As a run is stored until its end is told. */
const notEnded = (id: RunId): Promise<unknown> =>
  desk.app.app.get(DataSource).getRepository(RunEntity).update({ id }, { finishedAt: null });

/** Another group's benchmarks are there for who may see that group, with their values, and for nobody else. */
async function comparesNoMoreThanOneMaySee(runId: string, center: number | undefined): Promise<void> {
  const { chen } = desk.cookies;
  const lead = await desk.app.signIn('instructor');
  const me = (await desk.app.request('GET', '/api/me', { cookie: chen })).body as Me;
  const groupId = me.memberships[0]?.groupIds[0];
  const { exerciseId } = desk.workspace;
  const other = await desk.post<Workspace>('/api/workspaces', { groupId, exerciseId }, chen);
  const list = `/api/workspaces/${other.body.id}/comparable-runs`;
  const listed = async (cookie: string) =>
    ((await desk.app.request('GET', list, { cookie })).body as { runs: ComparableRun[] }).runs;
  expect(await listed(chen)).toEqual([]);
  expect((await listed(lead)).map(({ isOwn }) => isOwn)).toEqual([false, false, false]);
  await writeInto(desk.app, other.body.id, chen, adding('package a // elsewhere\n'));
  const start = async (cookie: string) => {
    const { status, body } = await desk.app.request('POST', `/api/workspaces/${other.body.id}/runs`, {
      cookie,
      body: { kind: 'bench', testing: { benchMs: 10 }, compareWith: runId },
      headers: { 'idempotency-key': newId<string>() },
    });
    return { status, body: body as Run };
  };
  expect(await start(chen)).toMatchObject({ status: 404 });
  const compared = await start(lead);
  expect(compared.status).toBe(200);
  const asked = async <T>(part: string) =>
    (await desk.app.request('GET', `/api/runs/${compared.body.id}${part}`, { cookie: lead })).body as T;
  await expect.poll(async () => (await asked<Run>('')).finishedAt, wait).not.toBeNull();
  const { events } = await asked<{ events: RunEvent[] }>('/events');
  expect(bodies(events, 'given')[0]?.comparedWith).toMatchObject({
    id: runId,
    isOwn: false,
    noisy: false,
  });
  const perOp = bodies(events, 'benchmark').find(({ unit }) => unit === 'sec/op');
  expect(perOp).toMatchObject({ name: 'BenchmarkAdd', comparison: { previous: { center } } });
  expect(perOp?.comparison?.p).toBeGreaterThan(0);
  expect(perOp?.comparison?.p).toBeLessThanOrEqual(1);
  for (const part of ['trace', 'trace/view?fromMs=0&toMs=1&level=0'])
    expect((await desk.app.request('GET', `/api/runs/${runId}/${part}`, { cookie: chen })).status, part).toBe(
      404,
    );
}
