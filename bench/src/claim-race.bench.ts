// Twenty servers reach for five warm pods at once: never two have one.
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { measurePool, openCluster } from './system/cluster.ts';

const ROUNDS = 50;

async function measure(bench: Bench): Promise<Measured> {
  const env = await openCluster(bench);
  bench.say('racing');
  const {
    won = [],
    lost = [],
    twice = [],
  } = await measurePool(env, 'claim-race', numberFlag('samples', ROUNDS));
  return {
    rows: [
      { measure: 'asked to having a pod', unit: 'ms', ours: summarize(won), peers: {} },
      { measure: 'asked to knowing that there is none', unit: 'ms', ours: summarize(lost), peers: {} },
    ],
    notes: [
      `${won.length} claims won and ${lost.length} found none in rounds of 20 claimers and 5 pods; ${twice.length} pods had two owners. Claimers know the same pods and hear nothing of each other, so a loser has tried every pod; in use the watch tells it of most.`,
    ],
    ...(twice.length === 0 ? {} : { failure: `${twice.length} pods were claimed twice` }),
  };
}

await runBench('claim-race', measure);
