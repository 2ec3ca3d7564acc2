// Run pressed a second after the last keystroke, when the program is there already, against a warm `go run`.
import { type Row } from './report/report.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { alternate, pairsRow, pause, WARM_UPS } from './runs/alternate.ts';
import { GoCommand } from './runs/go-command.ts';
import { type Program, programs } from './runs/programs.ts';
import { RunDesk } from './runs/run-desk.ts';

const ALTERNATIONS = 30;
/** From the last keystroke to Run: as long as it takes to look up and reach for the key. */
const LOOK_UP_MS = 1_000;
const targets: [Program, number][] = [
  [programs.hello, 0.15],
  [programs.http, 0.1],
];

async function measure(bench: Bench): Promise<Measured> {
  const count = numberFlag('samples', ALTERNATIONS);
  const desk = await RunDesk.open(bench);
  const rows: Row[] = [];
  for (const [program, atMost] of targets) {
    bench.say(program.name);
    const peer = new GoCommand();
    bench.atEnd(() => peer.remove());
    const seenMs: number[] = [];
    const pairs = await alternate(
      count,
      {
        async ours(nth) {
          desk.write(program.files('ours', nth));
          await desk.saved();
          await pause(LOOK_UP_MS);
          const timed = await desk.time({ kind: 'run' }, ({ body }) => body.type === 'output');
          if (nth > WARM_UPS) seenMs.push(timed.clientMs);
          return timed.serverMs;
        },
        peer(nth) {
          peer.edit(program.files('peer', nth));
          return peer.firstOutputMs(['run', '.']);
        },
      },
      bench.say,
    );
    rows.push(pairsRow(`${program.name}: command received to first output`, 'go run, warm', pairs, atMost));
    const seen = pairs.map(({ peer: peerMs }, at) => ({ ours: seenMs[at] ?? Number.NaN, peer: peerMs }));
    rows.push(pairsRow(`${program.name}: Run pressed to first output seen`, 'go run, warm', seen));
  }
  return {
    rows,
    notes: [
      `Ours is from the receipt of the command, ${LOOK_UP_MS} ms after the edit was durable, to the first output event, by the server’s clock.`,
      'Seen is by the clock of who pressed, when the run and its output are durable and the answer to the command was followed by a watch of the run.',
      'The peer is `go run .` of a text that it has not compiled before, to the first byte of its output: it cannot begin earlier.',
    ],
  };
}

await runBench('run-speculative', measure);
