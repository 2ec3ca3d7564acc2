// From a group's first Run to its pod's agent beginning it, with warm pods on a real Kubernetes.
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { measurePool, openCluster } from './system/cluster.ts';

const CLAIMS = 100;

async function measure(bench: Bench): Promise<Measured> {
  const env = await openCluster(bench);
  bench.say('claiming');
  const { accepted = [], firstOutput = [] } = await measurePool(env, 'claim', numberFlag('samples', CLAIMS));
  return {
    rows: [
      {
        measure: 'asked to the agent’s first event',
        unit: 'ms',
        ours: summarize(accepted),
        peers: {},
        target: { of: 'median', atMost: 25 },
      },
      {
        measure: 'the same, slowest of a hundred',
        unit: 'ms',
        ours: summarize(accepted),
        peers: {},
        // Of a hundred the slowest is what a hundredth may wait at most.
        target: { of: 'max', atMost: 60 },
      },
      {
        measure: 'asked to the first output of a program',
        unit: 'ms',
        ours: summarize(firstOutput),
        peers: {},
      },
    ],
    notes: [
      'Each sample is another group: the claim by a patch, and the call of the run, which binds the agent, over a TLS 1.3 connection with both sides proved that was made when the pod became ready. No HTTP of ours and no database is in it.',
      'Pods are claimed one after the other out of those that are warm, and given back together; new ones start while nothing is measured.',
    ],
  };
}

await runBench('claim', measure);
