// From the command to the first diagnostic of an edit that does not compile, against `go build`.
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { alternate, pairsRow, SETTLE_MS } from './runs/alternate.ts';
import { GoCommand } from './runs/go-command.ts';
import { broken } from './runs/programs.ts';
import { RunDesk } from './runs/run-desk.ts';

const ALTERNATIONS = 30;
const TARGET_RATIO = 0.4;

async function measure(bench: Bench): Promise<Measured> {
  const desk = await RunDesk.open(bench);
  const peer = new GoCommand();
  bench.atEnd(() => peer.remove());
  const pairs = await alternate(
    numberFlag('samples', ALTERNATIONS),
    {
      async ours(nth) {
        desk.write(broken.files('ours', nth));
        const timed = await desk.time({ kind: 'run' }, ({ body }) => body.type === 'diagnostic');
        return timed.serverMs;
      },
      peer(nth) {
        peer.edit(broken.files('peer', nth));
        return peer.firstOutputMs(['build', '-o', '/dev/null', '.'], 'stderr');
      },
    },
    bench.say,
  );
  return {
    rows: [pairsRow('command received to first diagnostic', 'go build, warm', pairs, TARGET_RATIO)],
    notes: [
      'Ours is from the receipt of the command to the event, by the server’s clock: storing the run and telling everybody is in it.',
      `The peer is \`go build -o /dev/null .\` to the first byte of its standard error, by ${peer.release}.`,
      `Before each side ${SETTLE_MS} ms pass. Each edit is a text that neither side has compiled before.`,
    ],
  };
}

await runBench('compile-error', measure);
