import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { RunnerPool } from '../../src/features/runs/runner-pool.ts';
import { DomainEvents } from '../../src/platform/events/index.ts';
import { openDesk, program, type RunDesk, textOf, wait } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
/** What agents said and what was told of runs, in the order in which it happened. */
const happened: string[] = [];

beforeAll(async () => {
  desk = await openDesk();
  await desk.write(program('\tfmt.Println("early")'));
  const pool = desk.app.app.get(RunnerPool);
  const execute = pool.execute.bind(pool);
  vi.spyOn(pool, 'execute').mockImplementation(async function* (...run) {
    for await (const said of execute(...run)) {
      happened.push(`said ${said.event.case}`);
      yield said;
    }
  });
  const events = desk.app.app.get(DomainEvents);
  events.on('run.happened', () => void happened.push('told'));
  events.on('run.changed', () => void happened.push('told'));
}, timeout);
afterAll(() => desk.close());

/** Keeps everything from being added to this table, while `during` is under way. */
async function closed(table: string, during: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: desk.app.database.url });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    await during();
    await client.query('ROLLBACK');
  } finally {
    await client.end();
  }
}

it('begins while it is stored, and tells nothing before that', { timeout }, async () => {
  let pressed = desk.press({ kind: 'run' });
  await desk.ended((await pressed).body.id);
  happened.length = 0;
  await closed('run', async () => {
    pressed = desk.press({ kind: 'run' });
    await vi.waitFor(() => expect(happened).toContain('said end'), wait);
    expect(happened).not.toContain('told');
  });
  const { run, events } = await desk.ended((await pressed).body.id);
  expect(run.state).toBe('passed');
  expect(events.slice(0, 2).map(({ body }) => body.type === 'stage' && body.stage)).toEqual([
    'snapshot',
    'queue',
  ]);
  expect(textOf(events)).toBe('early\n');
});

it('is given up when it cannot be stored, and the next one runs', { timeout }, async () => {
  const client = new pg.Client({ connectionString: desk.app.database.url });
  await client.connect();
  await client.query('ALTER TABLE run ADD CONSTRAINT no_more CHECK (false) NOT VALID');
  happened.length = 0;
  expect((await desk.press({ kind: 'run' })).status).toBeGreaterThanOrEqual(500);
  expect(happened).not.toContain('told');
  await client.query('ALTER TABLE run DROP CONSTRAINT no_more');
  await client.end();
  const { run } = await desk.ended((await desk.press({ kind: 'run' })).body.id);
  expect(run.state).toBe('passed');
});
