// From the end of a group's pod to its replacement being warm, on a real Kubernetes.
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { measurePool, openCluster } from './system/cluster.ts';

const CYCLES = 20;

async function measure(bench: Bench): Promise<Measured> {
  const env = await openCluster(bench);
  bench.say('cycling');
  const { replaced = [], gone = [] } = await measurePool(env, 'pod-cycle', numberFlag('samples', CYCLES));
  return {
    rows: [
      {
        measure: 'given back to the next one warm',
        unit: 'ms',
        ours: summarize(replaced),
        peers: {},
        target: { of: 'median', atMost: 3_000 },
      },
      { measure: 'given back to the old one gone', unit: 'ms', ours: summarize(gone), peers: {} },
    ],
    notes: [
      'The pool may have one pod, so the next one begins when the old one is gone: the longest way round. With room for more it begins when the old one is claimed.',
      'Warm means that the agent has proved itself: started, layers probed, ready, its certificate read from the log.',
    ],
  };
}

await runBench('pod-cycle', measure);
