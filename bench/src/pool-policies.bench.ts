// A simulation: what 2,000 groups wait whose class begins at once, and what their pods cost, by how the pool grows.
import fs from 'node:fs';
import path from 'node:path';
import { summarize } from './report/statistics.ts';
import { drawWaits } from './report/wait-plot.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { simulatePool } from './system/cluster.ts';

const GROUPS = 2_000;

async function measure(bench: Bench): Promise<Measured> {
  const groups = numberFlag('groups', GROUPS);
  bench.say(`simulating a day of ${groups} groups`);
  const simulated = await simulatePool(groups);
  const plot = path.resolve(import.meta.dirname, '../out/pool-policies.svg');
  fs.mkdirSync(path.dirname(plot), { recursive: true });
  fs.writeFileSync(
    plot,
    drawWaits(
      'Groups that have waited at most so long for a pod, by how the pool grows',
      simulated.map(({ name, waits, podHours }) => ({
        name,
        cost: `${Math.round(podHours).toLocaleString('en')} pod-hours a day`,
        seconds: waits,
      })),
    ),
  );
  bench.say(`the plot is ${plot}`);
  return {
    rows: simulated.map(({ name, waits }) => ({
      measure: `${name}: wait for a pod`,
      unit: 's',
      ours: summarize(waits),
      peers: {},
    })),
    notes: [
      ...simulated.map(({ name, podHours }) => `${name}: ${Math.round(podHours)} pod-hours in the day`),
      'No cluster is in it: the pool’s own plan decides, a pod takes 2.5 s to start, machines are there and have the image, and groups press Run for the first time within ten seconds, at the begin of the day’s one class of two hours.',
    ],
  };
}

await runBench('pool-policies', measure);
