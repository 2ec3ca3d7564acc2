// From the command to the first diagnostic of an edit that does not compile, against `go build`.
import { runBench } from './run-bench.ts';
import { againstGo } from './runs/against-go.ts';
import { broken } from './runs/programs.ts';

await runBench('compile-error', (bench) =>
  againstGo(bench, {
    measure: 'command received to first diagnostic',
    files: broken.files,
    run: { kind: 'run' },
    ends: ({ body }) => body.type === 'diagnostic',
    go: { name: 'go build, warm', args: ['build', '-o', '/dev/null', '.'], stream: 'stderr' },
    atMost: 0.4,
    notes: [
      'Ours is from the receipt of the command to the event, by the server’s clock: storing the run and telling everybody is in it.',
    ],
  }),
);
