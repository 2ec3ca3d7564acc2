// A class of 24 presses Run at the same second, each with an edit of its own, against 24 `go build` at once.
import { RunKind } from '@lineage/runner-protocol';
import { AgentDesk, sourceFiles } from './agent/agent-desk.ts';
import type { Row } from './report/report.ts';
import { type Pair, percentile, ratioOf, summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { pause, SETTLE_MS } from './runs/alternate.ts';
import { GoCommand } from './runs/go-command.ts';
import { type Program, programs } from './runs/programs.ts';

const ROUNDS = 7;
const CLASS = 24;
const WARM_UP_ROUNDS = 1;
const targets: [Program, number][] = [
  [programs.hello, 0.5],
  [programs.http, 0.6],
];

async function measure(bench: Bench): Promise<Measured> {
  const rounds = numberFlag('samples', ROUNDS);
  const rows: Row[] = [];
  for (const [program, atMost] of targets) {
    bench.say(program.name);
    // An agent that has not seen the program: what it keeps ready it has learned in the warm-up, as in a class.
    const desk = await AgentDesk.open(bench);
    const peers = Array.from({ length: CLASS }, () => new GoCommand());
    bench.atEnd(() => peers.forEach((peer) => peer.remove()));
    const pairs: Pair[] = [];
    const waits: number[] = [];
    for (let round = 1; round <= WARM_UP_ROUNDS + rounds; round++) {
      await pause(SETTLE_MS);
      const ours = await together((nth) => runOne(desk, program, round * CLASS + nth));
      await pause(SETTLE_MS);
      const theirs = await together((nth) => buildOne(peers[nth], program, round * CLASS + nth));
      if (round <= WARM_UP_ROUNDS) continue;
      pairs.push({ ours: p95(ours), peer: p95(theirs) });
      waits.push(...ours);
      bench.say(
        `${pairs.length} of ${rounds}: p95 ${p95(ours).toFixed(0)} ms, the peer ${p95(theirs).toFixed(0)} ms`,
      );
    }
    const { ratio, interval } = ratioOf(pairs);
    rows.push(
      {
        measure: `${program.name}: p95 of ${CLASS} at once, to the first output`,
        unit: 'ms',
        ours: summarize(pairs.map(({ ours }) => ours)),
        peers: { 'go build, warm': summarize(pairs.map(({ peer }) => peer)) },
        ratio,
        ratioInterval95: interval,
        target: { of: 'ratio', atMost },
      },
      { measure: 'of it: each wait', unit: 'ms', ours: summarize(waits), peers: {} },
    );
  }
  return {
    rows,
    notes: [
      `Ours is at the agent: ${CLASS} requests at once, each with another text, from the request to the first output of the program in its slot. The peer only builds, with a shared warm cache and nothing isolated.`,
      'Sides take turns. A figure is of one round; the median is over rounds.',
    ],
  };
}

const together = (one: (nth: number) => Promise<number>): Promise<number[]> =>
  Promise.all(Array.from({ length: CLASS }, (_, nth) => one(nth)));

const p95 = (waits: readonly number[]): number =>
  percentile(
    waits.toSorted((a, b) => a - b),
    0.95,
  );

async function runOne(desk: AgentDesk, program: Program, nth: number): Promise<number> {
  const start = { runId: String(nth), kind: RunKind.RUN, files: sourceFiles(program.files('ours', nth)) };
  return (await desk.perform(start, ({ event }) => event.case === 'output')).firstMs;
}

function buildOne(peer: GoCommand | undefined, program: Program, nth: number): Promise<number> {
  if (peer === undefined) throw new RangeError('there is no peer of that number');
  peer.edit(program.files('peer', nth));
  return peer.wholeMs(['build', '-o', 'program', '.']);
}

await runBench('class-run', measure);
