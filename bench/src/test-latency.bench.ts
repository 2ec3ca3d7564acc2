// From the command to the first test's outcome after an edit, against `go test -vet=off` with a warm cache.
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { alternate, pairsRow, SETTLE_MS } from './runs/alternate.ts';
import { GoCommand } from './runs/go-command.ts';
import { tested } from './runs/programs.ts';
import { RunDesk } from './runs/run-desk.ts';

const ALTERNATIONS = 30;
const TARGET_RATIO = 0.5;

async function measure(bench: Bench): Promise<Measured> {
  const desk = await RunDesk.open(bench);
  const peer = new GoCommand();
  bench.atEnd(() => peer.remove());
  const pairs = await alternate(
    numberFlag('samples', ALTERNATIONS),
    {
      async ours(nth) {
        desk.write(tested.files('ours', nth));
        const { serverMs, event } = await desk.time(
          { kind: 'test' },
          ({ body }) => body.type === 'test' && body.outcome !== 'started',
        );
        if (event.body.type !== 'test' || event.body.outcome !== 'passed')
          throw new Error(`the test did not pass: ${JSON.stringify(event.body)}`);
        return serverMs;
      },
      peer(nth) {
        peer.edit(tested.files('peer', nth));
        // Without -v nothing is written before all has ended; with it the first line is the start of the first test.
        return peer.firstOutputMs(['test', '-vet=off', '.']);
      },
    },
    bench.say,
  );
  return {
    rows: [
      pairsRow('command received to first outcome of a test', 'go test -vet=off, warm', pairs, TARGET_RATIO),
    ],
    notes: [
      'Ours is from the receipt of the command to the event with the outcome of the only test, by the server’s clock.',
      `The peer is \`go test -vet=off .\` of the same text to its first line, which is the result; by ${peer.release}.`,
      `Before each side ${SETTLE_MS} ms pass. Each edit is a text that neither side has compiled before.`,
    ],
  };
}

await runBench('test-latency', measure);
