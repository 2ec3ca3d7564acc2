import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cohort } from '@lineage/contracts';
import { startTestApp, type TestApp } from './app.ts';
import { readSeries } from './series.ts';
import { connect } from './socket.ts';

const wait = { timeout: 5_000, interval: 10 };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** The value of one series at `/metrics`; null when it was never counted. */
async function series(name: string): Promise<number | null> {
  return (await readSeries(app)).get(name) ?? null;
}

it('exports what a class costs: sockets, watches, events, refusals and why connections end', async () => {
  const cookie = await app.signIn('instructor');
  const { body } = await app.request('GET', '/api/cohorts', { cookie });
  const id = (body as { cohorts: { id: string }[] }).cohorts[0]?.id;
  const cohort = (await app.request('GET', `/api/cohorts/${id}`, { cookie })).body as Cohort;
  const classId = cohort.classSessions[0]?.id;
  const socket = await connect(app.url, cookie);
  await socket.watch({ stream: 'class', id: classId, after: 0 });
  await socket.watch({ stream: 'nothing' });
  await expect(connect(app.url, null)).rejects.toThrow('unauthenticated');
  expect(await series('lineage_class_sockets')).toBe(1);
  expect(await series('lineage_class_watches{stream="class"}')).toBe(1);
  expect(await series('lineage_class_refusals_total{code="bad_request"}')).toBe(1);
  expect(await series('lineage_class_refusals_total{code="unauthenticated"}')).toBe(1);

  const headers = { 'idempotency-key': 'the-class-begins' };
  const at = `/api/class-sessions/${classId}/commands`;
  await app.request('POST', at, { cookie, body: { type: 'start' }, headers });
  await expect.poll(() => socket.heard.classEvents.length, wait).toBe(1);
  await expect.poll(() => series('lineage_class_events_sent_total{stream="class"}'), wait).toBe(1);

  socket.io.close();
  await expect.poll(() => series('lineage_class_sockets'), wait).toBe(0);
  expect(await series('lineage_class_watches{stream="class"}')).toBe(0);
  expect(await series('lineage_class_closes_total{reason="client"}')).toBe(1);
});

it('exports what every feature counts, and what the process costs', async () => {
  const { body } = await app.request('GET', '/metrics');
  const names = new Set([...String(body).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  expect([...names]).toEqual(
    expect.arrayContaining([
      'lineage_room_commit_seconds',
      'lineage_room_queued_edits',
      'lineage_room_commit_failures_total',
      'lineage_room_cold_updates_total',
      'lineage_room_refused_edits_total',
      'lineage_room_closes_total',
      'lineage_runs_waiting',
      'lineage_runs_active',
      'lineage_runs_total',
      'lineage_run_queue_seconds',
      'lineage_runner_level',
      'lineage_nodejs_eventloop_lag_seconds',
    ]),
  );
});
