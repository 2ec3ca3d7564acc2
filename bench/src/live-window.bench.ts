// How long what a program does takes to be in a CPU window at whoever asked the agent, while the program runs.
import { RunKind, Signal } from '@lineage/runner-protocol';
import { AgentDesk, sourceFiles } from './agent/agent-desk.ts';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const RUNS = 5;
const SECONDS = 8;
const TARGET_MS = 800;
/** Moments of a window that are looked at, evenly from its beginning to its end. */
const MOMENTS = 10;

const burning = sourceFiles({
  'go.mod': 'module lesson\n\ngo 1.27\n',
  'main.go': `package main

import (
	"crypto/sha256"
	"fmt"
	"time"
)

func main() {
	began := time.Now()
	fmt.Println(began.UnixMicro())
	var sum [32]byte
	for time.Since(began) < ${SECONDS}*time.Second {
		sum = sha256.Sum256(sum[:])
	}
}
`,
});

async function measure(bench: Bench): Promise<Measured> {
  const runs = numberFlag('samples', RUNS);
  const desk = await AgentDesk.open(bench);
  const lags: number[] = [];
  let [windows, leftOut] = [0, 0];
  for (let nth = 1; nth <= runs; nth++) {
    let beganUs = 0;
    let printed = '';
    const start = { runId: `live-${nth}`, kind: RunKind.RUN, files: burning, signals: [Signal.CPU] };
    await desk.perform(
      start,
      ({ event }) => {
        const nowUs = (performance.timeOrigin + performance.now()) * 1000;
        if (event.case === 'output' && beganUs === 0) {
          printed += new TextDecoder().decode(event.value.data);
          if (printed.includes('\n')) beganUs = Number(printed.split('\n')[0]);
        }
        // What is collected after the program has ended is no live window.
        if (event.case === 'window' && beganUs > 0) {
          const [from, to] = [Number(event.value.fromUs), Number(event.value.toUs)];
          windows += 1;
          leftOut += event.value.leftOut;
          for (let moment = 0; moment < MOMENTS; moment++)
            lags.push((nowUs - beganUs - (from + ((to - from) * moment) / (MOMENTS - 1))) / 1000);
        }
        return false;
      },
      false,
    );
    bench.say(`${nth} of ${runs}: ${windows} windows so far`);
  }
  return {
    rows: [
      {
        measure: 'work of the program to its window at the agent’s client',
        unit: 'ms',
        ours: summarize(lags),
        peers: {},
        target: { of: 'p95', atMost: TARGET_MS },
      },
    ],
    notes: [
      `${runs} runs of ${SECONDS} s, ${windows} windows, ${leftOut} left out. Of each window ${MOMENTS} moments count, evenly from its beginning to its end, by the program’s own clock; the last window of a run comes with its end.`,
    ],
  };
}

await runBench('live-window', measure);
