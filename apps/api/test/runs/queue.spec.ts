import type { RunEvent } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDesk, program, type RunDesk, wait } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk({ LINEAGE_RUN_SLOTS: '1' });
  await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
}, timeout);
afterAll(() => desk.close());

const placesOf = (events: readonly RunEvent[]): (number | null)[] =>
  events.flatMap(({ body }) =>
    body.type === 'stage' && body.stage === 'queue' && body.place !== null ? [body.place] : [],
  );

it(
  'says each waiting run its place, lets one be stopped there, and bounds one person',
  { timeout },
  async () => {
    const pressed = await Promise.all(Array.from({ length: 8 }, () => desk.press({ kind: 'run' })));
    const taken = pressed.filter(({ status }) => status === 200).map(({ body }) => body.id);
    expect(taken).toHaveLength(3);
    for (const { status, body } of pressed)
      if (status !== 200) expect([status, body]).toMatchObject([429, { code: 'too_many_requests' }]);
    await expect.poll(async () => (await Promise.all(taken.map(desk.output))).join(''), wait).toBe('on\n');
    const states = await Promise.all(taken.map(async (id) => (await desk.get(id)).state));
    const running = taken[states.indexOf('running')] ?? '';
    const [second = '', third = ''] = taken.filter((id) => id !== running);
    const places = async (): Promise<unknown[]> =>
      (await Promise.all([second, third].map(desk.events))).map((events) => placesOf(events).at(-1));
    await expect.poll(async () => (await places()).toSorted(), wait).toEqual([1, 2]);

    const [first] = await places();
    const [next, last] = first === 1 ? [second, third] : [third, second];
    expect(await desk.post(`/api/runs/${next}/cancel`, {})).toMatchObject({ body: { state: 'cancelled' } });
    await desk.ended(next);
    await expect.poll(async () => placesOf(await desk.events(last)), wait).toEqual([2, 1]);

    await desk.post(`/api/runs/${running}/stdin`, { text: '\n', close: true });
    expect((await desk.ended(running)).run.state).toBe('passed');
    await expect.poll(() => desk.output(last), wait).toBe('on\n');
    await desk.post(`/api/runs/${last}/stdin`, { text: '\n', close: true });
    expect((await desk.ended(last)).run.state).toBe('passed');
  },
);
