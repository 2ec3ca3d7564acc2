import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../database.ts';
import { childAgents } from '../pool/child-agents.ts';
import { openDesk, program, type RunDesk, wait } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
afterEach(() => desk.close());

it('ends the runs of a killed agent with a reason, and runs the next one', { timeout }, async () => {
  desk = await openDesk();
  await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
  const { id } = (await desk.press({ kind: 'run' })).body;
  await expect.poll(() => desk.output(id), wait).toBe('on\n');
  const [agent = 0, ...others] = childAgents();
  expect(others).toEqual([]);
  process.kill(agent, 'SIGKILL');
  const { run } = await desk.ended(id);
  expect(run).toMatchObject({ state: 'errored', reason: expect.stringContaining('Start the run again') });

  await desk.write(program('\tfmt.Println("again")'));
  let next = '';
  await expect
    .poll(async () => {
      const { status, body } = await desk.press({ kind: 'run' });
      next = body.id;
      return status;
    }, wait)
    .toBe(200);
  expect((await desk.ended(next)).run.state).toBe('passed');
  expect(await desk.output(next)).toBe('again\n');
});

it('starts without a runner, and says what to do when somebody presses Run', { timeout }, async () => {
  desk = await openDesk({ LINEAGE_RUNNER_BIN: '/nowhere/lineage-runner' });
  const answer = await desk.press({ kind: 'run' });
  expect(answer).toMatchObject({ status: 503, body: { code: 'runner_unavailable' } });
  expect(JSON.stringify(answer.body)).toContain('npm start');
  expect(childAgents()).toEqual([]);
});

it('looks for the prepared Go release where the caches of its user are', { timeout }, async () => {
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-no-cache-'));
  onTestFinished(() => fs.rmSync(empty, { recursive: true, force: true }));
  desk = await openDesk({ XDG_CACHE_HOME: empty });
  const answer = await desk.press({ kind: 'run' });
  expect(answer).toMatchObject({ status: 503, body: { code: 'runner_unavailable' } });
  expect(JSON.stringify(answer.body)).toContain('not prepared');
});

it('ends what runs and waits when it is stopped, and leaves no agent', { timeout }, async () => {
  const database = await createDatabase();
  const one = { LINEAGE_RUN_SLOTS: '1' };
  desk = await openDesk(one, database);
  await desk.write(program('\tfmt.Println("on")\n\tfmt.Scanln()'));
  const running = (await desk.press({ kind: 'run' })).body.id;
  await expect.poll(() => desk.output(running), wait).toBe('on\n');
  const waiting = (await desk.press({ kind: 'run' })).body.id;
  await desk.close();
  expect(childAgents()).toEqual([]);

  desk = await openDesk(one, database);
  // Whoever started them did not stop them, and reads who did.
  for (const [id, when] of [
    [running, 'while this run was under way'],
    [waiting, 'before the run began'],
  ] as const)
    expect((await desk.ended(id)).run).toMatchObject({
      state: 'errored',
      reason: `The server was stopped ${when}. Start it again.`,
    });
});
