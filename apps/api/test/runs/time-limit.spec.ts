import { expect, it, onTestFinished } from 'vitest';
import { openDesk, program } from './run-desk.ts';

it('ends a program that never ends, and says after how long', { timeout: 90_000 }, async () => {
  const desk = await openDesk({ LINEAGE_RUN_SECONDS: '2' });
  onTestFinished(() => desk.close());
  await desk.write(program('\tfor {\n\t\ttime.Sleep(time.Second)\n\t}', ['time']));
  const { run } = await desk.ended((await desk.press({ kind: 'run' })).body.id);
  expect(run).toMatchObject({ state: 'timed_out', limit: null, reason: expect.stringContaining('2s') });
});
