// From the command to the first test's outcome after an edit, against `go test -vet=off` with a warm cache.
import { runBench } from './run-bench.ts';
import { againstGo } from './runs/against-go.ts';
import { tested } from './runs/programs.ts';

await runBench('test-latency', (bench) =>
  againstGo(bench, {
    measure: 'command received to first outcome of a test',
    files: tested.files,
    run: { kind: 'test' },
    // One that fails ends the run without this, and the benchmark with an error.
    ends: ({ body }) => body.type === 'test' && body.outcome === 'passed',
    go: { name: 'go test -vet=off, warm', args: ['test', '-vet=off', '.'], stream: 'stdout' },
    atMost: 0.5,
    notes: [
      'Ours is from the receipt of the command to the event with the outcome of the only test, by the server’s clock. The first line of the peer is the result.',
    ],
  }),
);
