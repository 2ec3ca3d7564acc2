import type { RunnerOverview } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDesk, program, type RunDesk, wait } from './run-desk.ts';

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk({ LINEAGE_RUN_SLOTS: '1' });
}, 90_000);
afterAll(() => desk.close());

const overview = (cookie: string) =>
  desk.app.request('GET', '/api/operations/runner', { cookie }) as Promise<{
    status: number;
    body: RunnerOverview;
  }>;

it(
  'shows operators and owners slots, queue and agent, and nobody whose runs they are',
  { timeout: 90_000 },
  async () => {
    const [operator, owner] = await Promise.all([desk.app.signIn('operator'), desk.app.signIn('owner')]);
    for (const cookie of Object.values(desk.cookies))
      expect(await overview(cookie)).toMatchObject({ status: 404 });
    expect(await overview(owner)).toMatchObject({ status: 200 });

    await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
    const first = (await desk.press({ kind: 'run' })).body.id;
    await expect.poll(() => desk.output(first), wait).toBe('on\n');
    const second = (await desk.press({ kind: 'test' })).body.id;
    const { body } = await overview(operator);
    expect(body).toMatchObject({
      trouble: null,
      pool: null,
      slots: 1,
      limits: { runsAPerson: 3, runsAGroup: 6 },
      runs: [
        { kind: 'run', state: 'running', place: null },
        { kind: 'test', state: 'queued', place: 1 },
      ],
    });
    expect(body.agents[0]?.layers.length).toBeGreaterThan(5);
    expect(body.agents[0]?.goVersion).toMatch(/^go1\./);
    expect(JSON.stringify(body)).not.toMatch(/ana|Ana/);

    await desk.post(`/api/runs/${first}/stdin`, { text: '\n', close: true });
    await desk.ended(first);
    await desk.ended(second);
    await expect
      .poll(async () => (await overview(operator)).body.counts.verdicts['passed'] ?? 0, wait)
      .toBeGreaterThanOrEqual(1);
  },
);

it('tells who waits how long it will be, once it knows how long runs take', { timeout: 90_000 }, async () => {
  await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
  const { ana, bo } = desk.cookies;
  const first = (await desk.press({ kind: 'run' }, { cookie: ana })).body.id;
  await expect.poll(() => desk.output(first), wait).toBe('on\n');
  const second = (await desk.press({ kind: 'run' }, { cookie: bo })).body.id;
  const told = async () =>
    (await desk.events(second)).flatMap(({ body }) =>
      body.type === 'stage' && body.stage === 'queue' && body.place !== null ? [body] : [],
    );
  await expect.poll(async () => (await told()).length, wait).toBe(1);
  expect((await told())[0]?.waitMs).toBeGreaterThan(0);
  for (const id of [first, second]) {
    await expect.poll(() => desk.output(id), wait).toBe('on\n');
    await desk.post(`/api/runs/${id}/stdin`, { text: '\n', close: true });
    await desk.ended(id);
  }
});
