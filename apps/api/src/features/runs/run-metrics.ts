import { Counter, Gauge, Histogram } from 'prom-client';

export const finishedRuns = new Counter({
  name: 'lineage_runs_total',
  help: 'Runs by their kind and by how they ended.',
  labelNames: ['kind', 'verdict'],
});
export const limitedRuns = new Counter({
  name: 'lineage_runs_limited_total',
  help: 'Runs that were ended at a limit, by the limit.',
  labelNames: ['limit'],
});
export const waitingRuns = new Gauge({ name: 'lineage_runs_waiting', help: 'Runs that wait for a slot.' });
export const activeRuns = new Gauge({ name: 'lineage_runs_active', help: 'Runs that the agent has.' });
export const queueSeconds = new Histogram({
  name: 'lineage_run_queue_seconds',
  help: 'How long runs waited for a slot before they were handed to the agent, batches included.',
  buckets: [0.005, 0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 120, 300, 900],
});
export const stageSeconds = new Histogram({
  name: 'lineage_run_stage_seconds',
  help: 'How long the stages of runs took.',
  labelNames: ['stage'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
});
export const runSeconds = new Histogram({
  name: 'lineage_run_seconds',
  help: 'From the command to the end of the run.',
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
});
export const buildsByPath = new Counter({
  name: 'lineage_run_builds_total',
  help: 'Builds of runs by the way they took, as the agent names it.',
  labelNames: ['path'],
});
export const speculativeBuilds = new Counter({
  name: 'lineage_speculative_builds_total',
  help: 'Builds of text that nobody ran yet, by how they ended: built, refused, dropped, abandoned, failed.',
  labelNames: ['outcome'],
});
export const speculativeRuns = new Counter({
  name: 'lineage_speculative_runs_total',
  help: 'Plain runs by whether their program had been built while people typed.',
  labelNames: ['found'],
});

/** How much a counter has counted, by one of its labels. */
export async function countsOf(counter: Counter, label: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { labels, value } of (await counter.get()).values) {
    const of = String(labels[label]);
    counts[of] = (counts[of] ?? 0) + value;
  }
  return counts;
}
