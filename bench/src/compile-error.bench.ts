// From an edit that does not compile to its first diagnostic, at the agent and through the server, against `go build`.
import { RunKind } from '@lineage/runner-protocol';
import { AgentDesk, sourceFiles } from './agent/agent-desk.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { againstGo, ALTERNATIONS } from './runs/against-go.ts';
import { alternate, pairsRow } from './runs/alternate.ts';
import { GoCommand } from './runs/go-command.ts';
import { broken } from './runs/programs.ts';

const BUILD = ['build', '-o', '/dev/null', '.'];
const PEER = 'go build, warm';

async function measure(bench: Bench): Promise<Measured> {
  const throughTheServer = await againstGo(bench, {
    measure: 'command received by the server to first diagnostic',
    files: (whose, nth) => broken.files(`server ${whose}`, nth),
    run: { kind: 'run' },
    ends: ({ body }) => body.type === 'diagnostic',
    go: { name: PEER, args: BUILD, stream: 'stderr' },
    notes: [
      'At the agent it is from the request to the event with the diagnostic, as the server asks it. Through the server it is from the receipt of the command to the event, by the server’s clock: storing the run and telling everybody is in it; it has no target.',
    ],
  });
  return {
    rows: [await atTheAgent(bench), ...throughTheServer.rows],
    notes: throughTheServer.notes,
  };
}

async function atTheAgent(bench: Bench): Promise<Measured['rows'][number]> {
  const desk = await AgentDesk.open(bench);
  const peer = new GoCommand();
  bench.atEnd(() => peer.remove());
  const pairs = await alternate(
    numberFlag('samples', ALTERNATIONS),
    {
      async ours(nth) {
        const start = {
          runId: String(nth),
          kind: RunKind.RUN,
          files: sourceFiles(broken.files('ours', nth)),
        };
        return (await desk.perform(start, ({ event }) => event.case === 'diagnostic')).firstMs;
      },
      peer(nth) {
        peer.edit(broken.files('peer', nth));
        return peer.firstOutputMs(BUILD, 'stderr');
      },
    },
    bench.say,
  );
  return pairsRow('request at the agent to first diagnostic', PEER, pairs, 0.4);
}

await runBench('compile-error', measure);
