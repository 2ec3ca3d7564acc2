import type { RunnerOverview } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SpeculativeBuilds } from '../../src/features/runs/speculative-builds.service.ts';
import { readSeries } from '../series.ts';
import { openDesk, program, type RunDesk, textOf } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk({ LINEAGE_SPECULATIVE_BUILDS: 'false' });
}, timeout);
afterAll(() => desk.close());

it(
  'runs programs as ever where nothing is built ahead of a run, and counts none that was',
  { timeout },
  async () => {
    await desk.write(program('\tfmt.Println("not before")'));
    const { run, events } = await desk.ended((await desk.press({ kind: 'run' })).body.id);
    expect([run.state, textOf(events)]).toEqual(['passed', 'not before\n']);
    expect(desk.app.app.get(SpeculativeBuilds).latest(desk.workspace.id)).toBeNull();
    const series = [...(await readSeries(desk.app)).keys()];
    expect(series).toContain('lineage_runs_total{kind="run",verdict="passed"}');
    expect(series.filter((name) => name.startsWith('lineage_speculative_'))).toEqual([]);
    const overview = await desk.app.request('GET', '/api/operations/runner', {
      cookie: await desk.app.signIn('operator'),
    });
    expect((overview.body as RunnerOverview).counts.early).toEqual({});
  },
);
