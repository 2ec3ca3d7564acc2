import { Counter, Gauge, Histogram } from 'prom-client';

export const pods = new Gauge({
  name: 'lineage_pool_pods',
  help: 'Runner pods by state: new, warm, claimed, ending.',
  labelNames: ['pool', 'state'],
});
export const nodes = new Gauge({
  name: 'lineage_pool_nodes',
  help: 'Machines that runner pods are on.',
  labelNames: ['pool'],
});
export const waitingGroups = new Gauge({
  name: 'lineage_pool_waiting_groups',
  help: 'Groups that wait for a runner pod.',
  labelNames: ['pool'],
});
export const warmTarget = new Gauge({
  name: 'lineage_pool_warm_target',
  help: 'Warm runner pods that the timetable and the settings ask for.',
  labelNames: ['pool'],
});
export const claimSeconds = new Histogram({
  name: 'lineage_pool_claim_seconds',
  help: 'From a group asking for a runner pod to the answer of its agent.',
  labelNames: ['pool'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
});
export const startSeconds = new Histogram({
  name: 'lineage_pool_start_seconds',
  help: 'From making a runner pod to its being warm.',
  labelNames: ['pool'],
  buckets: [0.5, 1, 2, 3, 5, 10, 20, 60, 180],
});
export const podFailures = new Counter({
  name: 'lineage_pool_failures_total',
  help: 'Runner pods that ended or were ended for a reason of their own.',
  labelNames: ['pool', 'reason'],
});
export const watchTroubles = new Counter({
  name: 'lineage_pool_watch_troubles_total',
  help: 'Watches of runner pods that broke off: forgotten (410), silent, failed.',
  labelNames: ['kind'],
});
