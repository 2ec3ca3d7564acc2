// From the command to the first output of an edited program, against `go run` with a warm cache.
import { type Row } from './report/report.ts';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { alternate, NOTHING_AHEAD, pairsRow, SETTLE_MS, WARM_UPS } from './runs/alternate.ts';
import { Breakdown } from './runs/breakdown.ts';
import { GoCommand } from './runs/go-command.ts';
import { type Program, programs } from './runs/programs.ts';
import { RunDesk } from './runs/run-desk.ts';

const ALTERNATIONS = 30;
const targets: [Program, number][] = [
  [programs.hello, 0.62],
  [programs.pipeline, 0.6],
  [programs.http, 0.65],
  [programs.gin, 0.65],
];

async function measure(bench: Bench): Promise<Measured> {
  const count = numberFlag('samples', ALTERNATIONS);
  const desk = await RunDesk.open(bench, NOTHING_AHEAD);
  const rows: Row[] = [];
  let release = '';
  for (const [program, atMost] of targets) {
    bench.say(program.name);
    const peer = new GoCommand();
    bench.atEnd(() => peer.remove());
    ({ release } = peer);
    const breakdown = new Breakdown();
    const atClient: number[] = [];
    const pairs = await alternate(
      count,
      {
        async ours(nth) {
          desk.write(program.files('ours', nth));
          const timed = await desk.time({ kind: 'run' }, ({ body }) => body.type === 'output');
          const { body } = timed.event;
          if (body.type !== 'output' || !body.text.startsWith(program.firstLine(nth)))
            throw new Error(`the run printed something else: ${JSON.stringify(body)}`);
          if (nth > WARM_UPS) {
            atClient.push(timed.clientMs);
            breakdown.add(timed.answeredMs, timed.seen);
          }
          return timed.serverMs;
        },
        peer(nth) {
          peer.edit(program.files('peer', nth));
          return peer.firstOutputMs(['run', '.']);
        },
      },
      bench.say,
    );
    rows.push(
      pairsRow(`${program.name}: command received to first output`, 'go run, warm', pairs, atMost),
      { measure: 'the same, at the client', unit: 'ms', ours: summarize(atClient), peers: {} },
      ...breakdown.rows(),
    );
  }
  return {
    rows,
    notes: [
      'Ours is from the first byte of the command at the server to the first output event it tells everybody, by the server’s clock: the wait for the edit to be durable, snapshot, queue, build, sandbox and the commit are in it. At the client it is from sending the command over HTTP to the event on socket.io.',
      'The command follows the edit at once, so nothing is built before it is received. A linker that has loaded the standard library’s packages waits from the run before, as it does in a class; that is no knowledge of the text.',
      `Before each side ${SETTLE_MS} ms pass, so that what the other one left to do is no part of it.`,
      `The peer is \`go run .\` of the same text, from the start of the process to the first byte of its standard output, by the release's own go command (${release}) with GOTOOLCHAIN=local. Nothing isolates it.`,
      'Each edit is of one line to a text that neither side has compiled before; sides alternate and take turns in going first. Stages are as the events of the run say; some overlap, and the last one goes on after the first output. The interval is of 10,000 resamples of the pairs.',
    ],
  };
}

await runBench('run-latency', measure);
