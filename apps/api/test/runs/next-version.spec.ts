import { afterEach, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { openDesk, program, type RunDesk, wait } from './run-desk.ts';

let desk: RunDesk;
afterEach(() => desk.close());

it('goes on while a newer version adds columns to what every command asks', { timeout: 90_000 }, async () => {
  desk = await openDesk();
  await desk.write(program('\tfmt.Println("on")'));
  const runs = async (): Promise<void> => {
    const { status, body } = await desk.press({ kind: 'run' });
    expect(status).toBe(200);
    expect((await desk.ended(body.id, wait.timeout)).run.state).toBe('passed');
  };
  // Often enough that the connections which answer have planned for good.
  for (let nth = 0; nth < 8; nth++) await runs();
  const tables = [
    'run',
    'run_event',
    'run_snapshot',
    'workspace',
    'cohort_membership',
    'programme_role',
    'auth.session',
  ];
  for (const table of tables)
    await desk.app.app.get(DataSource).query(`ALTER TABLE ${table} ADD COLUMN of_the_next_version text`);
  await runs();
});
