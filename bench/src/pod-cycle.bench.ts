// From the end of a group's pod to its replacement being warm, on a real Kubernetes: with runc, and with gVisor where it is.
import type { Row } from './report/report.ts';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { type ClusterEnv, measurePool, openCluster } from './system/cluster.ts';

const CYCLES = 20;
/** While it goes on a group that comes waits for nothing but this, where the pool has no other pod. */
const TARGETS_MS = { runc: 3_000, gVisor: 5_000 };

async function measure(bench: Bench): Promise<Measured> {
  const env = await openCluster(bench);
  const rows = await cycles(bench, env, 'runc');
  if (env['LINEAGE_ATTACKS_GVISOR'] === 'yes')
    rows.push(...(await cycles(bench, { ...env, LINEAGE_POD_RUNTIME_CLASS: 'gvisor' }, 'gVisor')));
  return {
    rows,
    notes: [
      'The pool may have one pod, so the next one begins when the old one is gone: the longest way round. With room for more it begins when the old one is claimed.',
      'Warm means that the agent has proved itself: started, layers probed, ready, its certificate read from the log.',
    ],
  };
}

async function cycles(bench: Bench, env: ClusterEnv, runtime: keyof typeof TARGETS_MS): Promise<Row[]> {
  bench.say(`cycling with ${runtime}`);
  const { replaced = [], gone = [] } = await measurePool(env, 'pod-cycle', numberFlag('samples', CYCLES));
  return [
    {
      measure: `${runtime}: given back to the next one warm`,
      unit: 'ms',
      ours: summarize(replaced),
      peers: {},
      target: { of: 'median', atMost: TARGETS_MS[runtime] },
    },
    { measure: `${runtime}: given back to the old one gone`, unit: 'ms', ours: summarize(gone), peers: {} },
  ];
}

await runBench('pod-cycle', measure);
