// From the command to the first output of an edited program, in a group's pod against the local pool.
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { alternate, pairsRow, SETTLE_MS, WARM_UPS } from './runs/alternate.ts';
import { type Program, programs } from './runs/programs.ts';
import { RunDesk } from './runs/run-desk.ts';
import { openCluster } from './system/cluster.ts';

const ALTERNATIONS = 30;
const TARGET = 1.15;

async function measure(bench: Bench): Promise<Measured> {
  const count = numberFlag('samples', ALTERNATIONS);
  const env = await openCluster(bench);
  const podSettings = {
    ...env,
    RUNNER: 'kubernetes',
    LINEAGE_POOL_NAMESPACE: 'default',
    LINEAGE_POOL_WARM: '1',
  };
  // As many cores as the agent on the machine has.
  const pod = await RunDesk.open({
    ...bench,
    system: () => bench.system({ ...podSettings, LINEAGE_POD_CPU: '2', LINEAGE_POOL_IDLE_SECONDS: '3600' }),
  });
  const local = await RunDesk.open({ ...bench, system: () => bench.system({ RUNNER: 'local' }) });
  const rows = [];
  for (const program of [programs.hello, programs.pipeline, programs.http]) {
    bench.say(program.name);
    const atClient: number[] = [];
    const pairs = await alternate(
      count,
      {
        async ours(nth) {
          const { serverMs, clientMs } = await run(pod, program, 'ours', nth);
          if (nth > WARM_UPS) atClient.push(clientMs);
          return serverMs;
        },
        peer: async (nth) => (await run(local, program, 'peer', nth)).serverMs,
      },
      bench.say,
    );
    rows.push(pairsRow(`${program.name}: command received to first output`, 'local pool', pairs, TARGET), {
      measure: 'the same, at the client',
      unit: 'ms',
      ours: summarize(atClient),
      peers: {},
    });
  }
  return {
    rows,
    notes: [
      'Two servers of the same build take turns, each with a PostgreSQL of its own; one has its agent as a child, the other one in a pod that the group has already, as pods of the pool are in use.',
      `The cluster is of one node on this machine, whose own load is in both sides. Before each side ${SETTLE_MS} ms pass.`,
    ],
  };
}

async function run(desk: RunDesk, program: Program, side: 'ours' | 'peer', nth: number) {
  desk.write(program.files(side, nth));
  return desk.time({ kind: 'run' }, ({ body }) => body.type === 'output');
}

await runBench('pod-run', measure);
