// What signals cost a program: the same work with and without them, in turn.
import { RunKind, Signal } from '@lineage/runner-protocol';
import { AgentDesk, sourceFiles } from './agent/agent-desk.ts';
import { type Pair, ratioOf, summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const PAIRS = 10;

/** Two goroutines that allocate, hash and hand on: what a scheduler, a collector and a profiler have to do with. */
const working = sourceFiles({
  'go.mod': 'module lesson\n\ngo 1.27\n',
  'main.go': `package main

import (
	"crypto/sha256"
	"fmt"
	"time"
)

func main() {
	began := time.Now()
	blocks := make(chan []byte, 16)
	go func() {
		for n := range 200_000 {
			block := make([]byte, 512)
			block[0] = byte(n)
			blocks <- block
		}
		close(blocks)
	}()
	var sum [32]byte
	for block := range blocks {
		sum = sha256.Sum256(append(block, sum[:]...))
	}
	fmt.Println(time.Since(began).Microseconds(), sum[0])
}
`,
});

const signals: [string, Signal[]][] = [
  ['CPU profile, with live windows', [Signal.CPU]],
  ['execution trace', [Signal.TRACE]],
  ['runtime metrics', [Signal.METRICS]],
  ['all three', [Signal.CPU, Signal.TRACE, Signal.METRICS]],
];

async function measure(bench: Bench): Promise<Measured> {
  const count = numberFlag('samples', PAIRS);
  const desk = await AgentDesk.open(bench);
  const once = async (asked: Signal[]): Promise<number> => {
    const start = { runId: 'overhead', kind: RunKind.RUN, files: working, signals: asked };
    const { events } = await desk.perform(start, ({ event }) => event.case === 'output');
    const said = events.flatMap(({ event }) => (event.case === 'output' ? [event.value.data] : []));
    return Number(Buffer.concat(said).toString().split(' ')[0]) / 1000;
  };
  await once([]);
  const rows = [];
  for (const [name, asked] of signals) {
    await once(asked);
    const pairs: Pair[] = [];
    for (let nth = 0; nth < count; nth++) {
      const pair = { ours: 0, peer: 0 };
      for (const side of nth % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const))
        pair[side] = await once(side === 'ours' ? asked : []);
      pairs.push(pair);
    }
    const { ratio, interval } = ratioOf(pairs);
    rows.push({
      measure: name,
      unit: 'ms',
      ours: summarize(pairs.map(({ ours }) => ours)),
      peers: { 'without signals': summarize(pairs.map(({ peer }) => peer)) },
      ratio,
      ratioInterval95: interval,
    });
    bench.say(name);
  }
  return {
    rows,
    notes: [
      'The time that the program itself measures for its work, in a slot; runs with CPU profiles and traces wait until they are alone, as they do for people.',
    ],
  };
}

await runBench('profile-overhead', measure);
