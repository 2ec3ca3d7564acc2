// Hundreds of people in one document who each move once a second: how late the others see it, and in how many messages.
import { setTimeout as delay } from 'node:timers/promises';
import { percentile, summarize } from './report/statistics.ts';
import type { Row } from './report/report.ts';
import { LoadGenerators } from './rooms/load/load-generators.ts';
import { startPeer } from './rooms/peers/start-peer.ts';
import { cpuMs } from './system/process-cost.ts';
import { openRoomDesk } from './rooms/room-desk.ts';
import type { Served } from './rooms/served.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const SIZES = [500, 1_000];
/** What the server collects in a room of this size. */
const TICK_MS = 1_000;
const BEYOND_TICK_MS = 50;
const MESSAGES_OF_PEER = 0.1;
const ROUNDS = 5;
const ROUND_MS = 10_000;
const WARM_UP_MS = 3_000;
const GENERATORS = 2;

type Moved = {
  readonly agesMs: Float64Array;
  readonly perSecond: number;
  readonly mibPerSecond: number;
  readonly cores: number;
};

async function measure(bench: Bench): Promise<Measured> {
  const { atEnd } = bench;
  const readers = numberFlag('readers', Math.max(...SIZES));
  const sizes = SIZES.includes(readers) ? SIZES.filter((size) => size <= readers) : [readers];
  const rounds = numberFlag('samples', ROUNDS);
  const desk = await openRoomDesk(bench);
  const ours = await desk.serve(Math.max(...sizes));
  const peer = await startPeer('hocuspocus 4.7', desk.database.url, atEnd);
  const load = new LoadGenerators(GENERATORS, atEnd);
  const rows: Row[] = [];
  for (const size of sizes) {
    const mine: Moved[] = [];
    const theirs: Moved[] = [];
    for (let round = 1; round <= rounds; round++) {
      mine.push(await moveIn(bench, load, ours, size));
      theirs.push(await moveIn(bench, load, peer, size));
    }
    rows.push(...rowsOf(size, peer.name, mine, theirs));
  }
  return {
    rows,
    notes: [
      `Everybody tells a new selection once a second, at a moment of their own, for ${ROUND_MS / 1000} s in each round; both servers are given the same states. A message may hold the moves of many. Two processes hold the sockets; four sockets of each read every move and take its age, the others count.`,
      `Ours collects for ${TICK_MS / 1000} s in rooms of this size, so an age of up to that is by design; the target is ${BEYOND_TICK_MS} ms more. It sends what changed, to the mover too, who passes over it. hocuspocus 4.7 collects as it does by itself.`,
      'The share of messages is of the medians. Nobody types.',
    ],
  };
}

async function moveIn({ say }: Bench, load: LoadGenerators, served: Served, size: number): Promise<Moved> {
  const group = `${served.name} ${size}`;
  await load.enter('meet', group, served.places(size));
  await load.move(group);
  await delay(WARM_UP_MS);
  await load.take(group);
  const before = cpuMs(served.pids());
  await delay(ROUND_MS);
  const { agesMs, messages, bytes, closed } = await load.take(group);
  const cores = (cpuMs(served.pids()) - before) / ROUND_MS;
  await load.leave(group);
  if (agesMs.length === 0) throw new Error(`${served.name}: nobody saw anybody move`);
  const perSecond = (messages * 1000) / ROUND_MS;
  const mibPerSecond = (bytes * 1000) / ROUND_MS / 2 ** 20;
  const p99 = percentile(agesMs.toSorted(), 0.99).toFixed(0);
  say(
    `${group}: p99 ${p99} ms, ${perSecond.toFixed(0)} messages and ${mibPerSecond.toFixed(1)} MiB a second, ${cores.toFixed(2)} cores, ${closed} sent out`,
  );
  return { agesMs, perSecond, mibPerSecond, cores };
}

function rowsOf(size: number, peer: string, mine: readonly Moved[], theirs: readonly Moved[]): Row[] {
  const row = (measure: string, unit: string, of: (moved: Moved) => readonly number[]): Row => {
    const ours = summarize(mine.flatMap(of));
    const others = summarize(theirs.flatMap(of));
    return {
      measure: `${measure}, ${size} people`,
      unit,
      ours,
      peers: { [peer]: others },
      ratio: ours.median / others.median,
    };
  };
  return [
    {
      ...row('a move to another one seeing it', 'ms', ({ agesMs }) => [...agesMs]),
      target: { of: 'p99', atMost: TICK_MS + BEYOND_TICK_MS },
    },
    {
      ...row('messages', '1/s', ({ perSecond }) => [perSecond]),
      target: { of: 'ratio', atMost: MESSAGES_OF_PEER },
    },
    row('bytes', 'MiB/s', ({ mibPerSecond }) => [mibPerSecond]),
    row("server's processor time", 'cores', ({ cores }) => [cores]),
  ];
}

await runBench('presence', measure);
