// Run pressed again on a text that did not change.
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { pause, WARM_UPS } from './runs/alternate.ts';
import { Breakdown } from './runs/breakdown.ts';
import { programs } from './runs/programs.ts';
import { RunDesk } from './runs/run-desk.ts';

const RUNS = 200;
const TARGET_MS = 15;
/** Between two runs, as long as a person would take at least. */
const BETWEEN_MS = 100;

async function measure(bench: Bench): Promise<Measured> {
  const count = numberFlag('samples', RUNS);
  const desk = await RunDesk.open(bench);
  desk.write(programs.hello.files('ours', 1));
  await desk.saved();
  const [server, client]: [number[], number[]] = [[], []];
  const breakdown = new Breakdown();
  for (let nth = 1; nth <= WARM_UPS + count; nth++) {
    await pause(BETWEEN_MS);
    const timed = await desk.time({ kind: 'run' }, ({ body }) => body.type === 'output');
    if (nth <= WARM_UPS) continue;
    server.push(timed.serverMs);
    client.push(timed.clientMs);
    breakdown.add(timed.answeredMs, timed.seen);
  }
  return {
    rows: [
      {
        measure: 'command received to first output',
        unit: 'ms',
        ours: summarize(server),
        peers: {},
        target: { of: 'median', atMost: TARGET_MS },
      },
      { measure: 'the same, at the client', unit: 'ms', ours: summarize(client), peers: {} },
      ...breakdown.rows(),
    ],
    notes: [
      'hello, built once; from the receipt of each command to its first output event, by the server’s clock.',
    ],
  };
}

await runBench('rerun', measure);
