// One writes and many read: what the delivery of an edit costs the server, and how long it takes.
import { percentile, ratioOf, summarize } from './report/statistics.ts';
import type { Row } from './report/report.ts';
import { type Delivered, FanOutSide } from './rooms/fan-out-side.ts';
import { LoadGenerators } from './rooms/load/load-generators.ts';
import { startPeer } from './rooms/peers/start-peer.ts';
import { openRoomDesk } from './rooms/room-desk.ts';
import type { Served } from './rooms/served.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const GROUP = { readers: 200, perSecond: 100, target: 1 };
const LECTURE = { readers: 1_000, perSecond: 20, targetP99Ms: 25 };
const ROUNDS = 5;
const ROUND_MS = 6_000;
const WARM_UP_MS = 2_000;
const GENERATORS = 2;

type Sides = { readonly ours: FanOutSide; readonly peers: readonly FanOutSide[] };
type Runs = ReadonlyMap<string, readonly Delivered[]>;

async function measure(bench: Bench): Promise<Measured> {
  const { atEnd, say } = bench;
  const rounds = numberFlag('samples', ROUNDS);
  const group = { ...GROUP, readers: numberFlag('readers', GROUP.readers) };
  const lecture = { ...LECTURE, readers: numberFlag('lecture', LECTURE.readers) };
  const desk = await openRoomDesk(bench);
  const ours = await desk.serve(Math.max(group.readers, lecture.readers));
  const start = (name: Parameters<typeof startPeer>[0]): Promise<Served> =>
    startPeer(name, desk.database.url, atEnd);
  const relay = await start('bare relay');
  const others = [await start('y-websocket-server 0.1.1'), await start('hocuspocus 4.7')];
  const load = new LoadGenerators(GENERATORS, atEnd);

  say(`${group.readers} readers, ${group.perSecond} edits a second`);
  const databaseBefore = desk.databaseCpuMs();
  const grouped = await inTurn(bench, load, ours, [relay, ...others], group, rounds);
  const databaseMs = desk.databaseCpuMs() - databaseBefore;
  say(`${lecture.readers} readers, ${lecture.perSecond} edits a second`);
  const lectured = await inTurn(bench, load, ours, [...others, relay], lecture, rounds);

  const cost = costRow(
    grouped,
    relay.name,
    `server's processor time for an edit at one of ${group.readers} readers`,
  );
  const ages = agesRow(lectured, `edit to each of ${lecture.readers} readers`);
  return {
    rows: [
      { ...cost, target: { of: 'ratio', atMost: group.target } },
      agesRow(grouped, `edit to each of ${group.readers} readers`),
      { ...ages, target: { of: 'p99', atMost: lecture.targetP99Ms } },
      costRow(
        lectured,
        relay.name,
        `server's processor time for an edit at one of ${lecture.readers} readers`,
      ),
    ],
    notes: [
      `One client writes ${group.perSecond} (then ${lecture.perSecond}) edits of 11 characters a second on a clock that waits for nothing, in ${rounds} rounds of ${ROUND_MS / 1000} s for each server in turn; ${GENERATORS} other processes read, decode nothing but the moment that an edit carries, and share the cores with the servers.`,
      "Processor time is the server process's own, in user and kernel mode (/proc), over the deliveries counted at the readers; one sample is one round. The sending of the edit is in it, and so is everything else the process does meanwhile.",
      `Ours commits each edit to PostgreSQL before anybody sees it, and has checked who its readers are. The bare relay and y-websocket-server keep nothing; hocuspocus stores to the same PostgreSQL, after the fact. All PostgreSQL processes together used ${(databaseMs / 1000).toFixed(1)} s in the first part, those of hocuspocus included.`,
      'Ours sends what one commit brought as one write for each reader, and where a hundred or more read, an edit that comes within 20 ms of the last one shown waits 10 ms for the next. Hocuspocus puts edits that wait into one message. An edit counts wherever it is in.',
      lossNote([...grouped, ...lectured]),
    ],
  };
}

/** All servers in turn, with all readers connected to each of them. */
async function inTurn(
  { say }: Bench,
  load: LoadGenerators,
  ours: Served,
  peers: readonly Served[],
  { readers, perSecond }: { readers: number; perSecond: number },
  rounds: number,
): Promise<Runs> {
  const sides: Sides = {
    ours: await FanOutSide.open(ours, readers, load),
    peers: await Promise.all(peers.map((peer) => FanOutSide.open(peer, readers, load))),
  };
  const all = [sides.ours, ...sides.peers];
  for (const side of all) await side.run(WARM_UP_MS, perSecond);
  const runs = new Map<string, Delivered[]>(all.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const side of round % 2 === 0 ? all.toReversed() : all) {
      const delivered = await side.run(ROUND_MS, perSecond);
      runs.get(side.name)?.push(delivered);
      if (delivered.share === 0) {
        if (side === sides.ours) throw new Error('none of our edits arrived');
        say(`round ${round}, ${side.name}: nothing arrived in time`);
        continue;
      }
      const p99 = percentile(delivered.agesMs.toSorted(), 0.99);
      say(
        `round ${round}, ${side.name}: ${delivered.cpuUsEach.toFixed(2)} us an edit, p99 ${p99.toFixed(1)} ms`,
      );
    }
  }
  for (const side of all) await side.close();
  return runs;
}

function costRow(runs: Runs, peer: string, measure: string): Row {
  const costs = new Map(
    [...runs].map(([name, list]) => [name, list.map(({ cpuUsEach }) => cpuUsEach).filter(Number.isFinite)]),
  );
  const mine = costs.get('lineage') ?? [];
  const pairs = mine.map((one, i) => ({ ours: one, peer: costs.get(peer)?.[i] ?? Number.NaN }));
  const { ratio, interval } = ratioOf(pairs);
  const others = [...costs].filter(([name, list]) => name !== 'lineage' && list.length > 0);
  return {
    measure,
    unit: 'us',
    ours: summarize(mine),
    peers: Object.fromEntries(others.map(([name, list]) => [name, summarize(list)])),
    ratio,
    ratioInterval95: interval,
  };
}

/** Every delivery of every round is one sample; who delivered nothing has none. */
function agesRow(runs: Runs, measure: string): Row {
  const summaries = [...runs].flatMap(([name, list]) => {
    const ages = list.flatMap(({ agesMs }) => [...agesMs]);
    return ages.length === 0 ? [] : [[name, summarize(ages)] as const];
  });
  const [[, ours]] = summaries as [[string, ReturnType<typeof summarize>]];
  return { measure, unit: 'ms', ours, peers: Object.fromEntries(summaries.slice(1)) };
}

function lossNote(runs: readonly (readonly [string, readonly Delivered[]])[]): string {
  const short = runs.flatMap(([name, list]) => {
    const share = list.reduce((sum, one) => sum + one.share, 0) / list.length;
    const sentOut = list.reduce((sum, one) => sum + one.sentOut, 0);
    const out = sentOut === 0 ? '' : `, ${sentOut} readers sent out`;
    return share === 1 && sentOut === 0 ? [] : [`${name} ${(share * 100).toFixed(2)} %${out}`];
  });
  return short.length === 0
    ? 'Every edit arrived at every reader.'
    : `Deliveries that arrived in time: ${short.join('; ')}.`;
}

await runBench('fan-out', measure);
