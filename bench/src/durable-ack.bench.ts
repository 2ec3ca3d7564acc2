// Ten thousand updates a second over a thousand documents: from an update sent to its durable acknowledgement.
import { percentile } from './report/statistics.ts';
import { ownRow } from './report/report.ts';
import { LoadGenerators } from './rooms/load/load-generators.ts';
import { addGuests, issueTickets } from './rooms/people.ts';
import { cpuMs } from './system/process-cost.ts';
import { openRoomDesk, placeOf, type RoomDesk } from './rooms/room-desk.ts';
import { addWorkspaces } from './rooms/workspace-rows.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const DOCUMENTS = 1_000;
const UPDATES_PER_SECOND = 10_000;
const ROUNDS = 5;
const ROUND_MS = 6_000;
const WARM_UP_MS = 3_000;
const GENERATORS = 2;
const TARGET_P99_MS = 10;

async function measure(bench: Bench): Promise<Measured> {
  const { atEnd, say } = bench;
  const documents = numberFlag('readers', DOCUMENTS);
  const perSecond = numberFlag('rate', UPDATES_PER_SECOND);
  const rounds = numberFlag('samples', ROUNDS);
  const desk = await openRoomDesk(bench, { LINEAGE_SPECULATIVE_BUILDS: '0' });
  const [guest] = await addGuests(desk.db, desk.workspaceId, 'learner', 1);
  if (guest === undefined) throw new RangeError('nobody types');
  const ids = await addWorkspaces(desk.db, desk.workspaceId, documents);
  const { accountId } = guest;
  const tickets = await issueTickets(
    desk.db,
    ids.map((workspaceId) => ({ accountId, workspaceId })),
  );
  const places = ids.map((id, i) => placeOf(desk.url, id, { accountId, ticket: tickets[i] ?? '' }));
  const pids = [(await desk.serve(0)).pids()[0] ?? 0];
  const load = new LoadGenerators(GENERATORS, atEnd);
  await load.enter('sit', 'typists', places);
  say(`${documents} documents are open`);
  await load.type('typists', WARM_UP_MS, perSecond);
  const ages: number[] = [];
  const rates: number[] = [];
  const cpu = { server: [] as number[], database: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    const before = { server: cpuMs(pids), database: desk.databaseCpuMs() };
    const beganAt = performance.now();
    const { agesMs } = await load.type('typists', ROUND_MS, perSecond);
    const tookMs = performance.now() - beganAt;
    for (const age of agesMs) ages.push(age);
    rates.push((agesMs.length * 1000) / tookMs);
    cpu.server.push((cpuMs(pids) - before.server) / tookMs);
    cpu.database.push((desk.databaseCpuMs() - before.database) / tookMs);
    say(
      `round ${round} of ${rounds}: ${rates.at(-1)?.toFixed(0)} acknowledged a second, p99 ${percentile(agesMs.toSorted(), 0.99).toFixed(1)} ms`,
    );
  }
  await checkLog(desk, ids, documents + ages.length);
  return {
    rows: [
      { ...ownRow('update to acknowledgement', 'ms', ages), target: { of: 'p99', atMost: TARGET_P99_MS } },
      ownRow('acknowledged', '1/s', rates),
      ownRow("server's processor time", 'cores', cpu.server),
      ownRow("PostgreSQL's processor time", 'cores', cpu.database),
    ],
    notes: [
      `${documents} connections, each alone in a document, together send ${perSecond} updates a second of one letter, on a clock that waits for no answer, for ${ROUND_MS / 1000} s in each round. Measured at the clients (${GENERATORS} processes, which share the cores), from before the update is encoded, as Yjs encodes it, to the acknowledgement seen.`,
      'Nothing is built ahead of runs: nobody who types this fast pauses, and where the system cannot keep up the builds would take what it lacks.',
      'An update is acknowledged after PostgreSQL committed it with fsync and synchronous_commit on.',
      'Acknowledged a second counts the wait for the last one in, so that a rate below the one sent says that the system could not keep up.',
    ],
  };
}

/** @throws Error when fewer edits are in the log than were acknowledged */
async function checkLog({ db }: RoomDesk, ids: readonly string[], acknowledged: number): Promise<void> {
  const { rows } = await db.query<{ edits: number }>(
    'SELECT count(*)::int AS edits FROM room_update WHERE workspace_id = ANY ($1)',
    [ids],
  );
  const edits = rows[0]?.edits ?? 0;
  if (edits < acknowledged) throw new Error(`${acknowledged} edits were acknowledged, ${edits} are there`);
}

await runBench('durable-ack', measure);
