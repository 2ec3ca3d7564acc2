// One of many readers stops reading: what the others notice of it, and how much memory it takes.
import { setTimeout as delay } from 'node:timers/promises';
import { median, percentile, ratioOf, summarize } from './report/statistics.ts';
import { LoadGenerators } from './rooms/load/load-generators.ts';
import { Writer } from './rooms/load/writer.ts';
import { memoryMiB } from './system/process-cost.ts';
import { openRoomDesk } from './rooms/room-desk.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const READERS = 50;
const ROUNDS = 5;
const PER_SECOND = 25;
/** A page pasted and taken away again with each edit: a keystroke would take hours to fill what the system keeps for a socket. */
const PASTED_CHARACTERS = 24 * 1024;
const ROUND_MS = 10_000;
/** Until more waits for the reader than the system takes, and more than the server keeps. */
const FILL_MS = 25_000;
const SETTLE_MS = 500;
const GENERATORS = 2;
const MEDIAN_RATIO = 1.1;

type Half = { readonly agesMs: Float64Array; readonly memoryMiB: number };

async function measure(bench: Bench): Promise<Measured> {
  const { atEnd, say } = bench;
  const readers = numberFlag('readers', READERS);
  const rounds = numberFlag('samples', ROUNDS);
  const desk = await openRoomDesk(bench);
  const served = await desk.serve(readers + rounds);
  const places = served.places(readers + rounds + 1);
  const [first, ...others] = places;
  if (first === undefined) throw new RangeError('nobody writes');
  const load = new LoadGenerators(GENERATORS, atEnd);
  const writer = await Writer.enter(first, PASTED_CHARACTERS);
  await load.enter('read', 'readers', others.slice(0, readers));
  const run = async (): Promise<Half> => {
    await load.take('readers');
    await writer.writeFor(ROUND_MS, PER_SECOND);
    await delay(SETTLE_MS);
    const { agesMs, closed } = await load.take('readers');
    if (closed > 0) throw new Error(`${closed} readers that read were sent out`);
    return { agesMs, memoryMiB: memoryMiB(served.pids()[0] ?? 0).now };
  };

  await run();
  const calm: Half[] = [];
  const stalled: Half[] = [];
  for (let round = 1; round <= rounds; round++) {
    calm.push(await run());
    const group = `stalled ${round}`;
    await load.enter('read', group, others.slice(readers + round - 1, readers + round));
    await load.stall(group);
    await writer.writeFor(FILL_MS, PER_SECOND);
    stalled.push(await run());
    await load.leave(group);
    await delay(SETTLE_MS);
    const [before, after] = [calm.at(-1), stalled.at(-1)].map((half) => median([...(half?.agesMs ?? [])]));
    say(
      `round ${round} of ${rounds}: median ${before?.toFixed(2)} ms, with a stalled reader ${after?.toFixed(2)} ms`,
    );
  }
  writer.close();
  return toMeasured(readers, calm, stalled);
}

function toMeasured(readers: number, calm: readonly Half[], stalled: readonly Half[]): Measured {
  const ages = (halves: readonly Half[]): number[] => halves.flatMap(({ agesMs }) => [...agesMs]);
  const p99 = ({ agesMs }: Half): number => percentile(agesMs.toSorted(), 0.99);
  const pairs = (of: (half: Half) => number): { ours: number; peer: number }[] =>
    stalled.map((half, i) => ({ ours: of(half), peer: of(calm[i] ?? half) }));
  const medians = ratioOf(pairs(({ agesMs }) => median([...agesMs])));
  const tails = ratioOf(pairs(p99));
  const without = 'nobody stalls';
  return {
    rows: [
      {
        measure: `edit to each of the ${readers} others, median`,
        unit: 'ms',
        ours: summarize(ages(stalled)),
        peers: { [without]: summarize(ages(calm)) },
        ratio: medians.ratio,
        ratioInterval95: medians.interval,
        target: { of: 'ratio', atMost: MEDIAN_RATIO },
      },
      {
        measure: `edit to each of the ${readers} others, p99 of a round`,
        unit: 'ms',
        ours: summarize(stalled.map(p99)),
        peers: { [without]: summarize(calm.map(p99)) },
        ratio: tails.ratio,
        ratioInterval95: tails.interval,
        target: { of: 'ratio', atMost: 1.5 },
      },
      {
        measure: "server's memory after a round",
        unit: 'MiB',
        ours: summarize(stalled.map((half) => half.memoryMiB)),
        peers: { [without]: summarize(calm.map((half) => half.memoryMiB)) },
      },
    ],
    notes: [
      `One client writes ${PER_SECOND} times a second: it takes ${PASTED_CHARACTERS / 1024} KiB away and puts as much in, with a stamp. Each round measures ${ROUND_MS / 1000} s with ${readers} readers, lets one more come in that reads nothing, writes ${FILL_MS / 1000} s more, so that the connection is full, and measures again. "ours" is with the stalled reader.`,
      'What the server keeps for a reader that reads nothing is bounded: 1 MiB of edits, after which it gets none until it is resynchronised. It answers no ping either, so that the server ends it after 20 to 40 s.',
    ],
  };
}

await runBench('stalled', measure);
