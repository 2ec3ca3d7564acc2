import { Counter, Gauge, Histogram } from 'prom-client';
import { RecentTimes } from '../../platform/measures/index.ts';

export const openRooms = new Gauge({ name: 'lineage_room_open', help: 'Documents held in memory.' });
export const openSockets = new Gauge({ name: 'lineage_room_sockets', help: 'Sockets admitted to a room.' });
export const commitSeconds = new Histogram({
  name: 'lineage_room_commit_seconds',
  help: 'From the arrival of an edit to its durable acknowledgement.',
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10],
});
/** The newest of them, for operators. */
export const recentCommits = new RecentTimes();
export function measureCommit(tookMs: number): void {
  commitSeconds.observe(tookMs / 1000);
  recentCommits.add(tookMs);
}
export const batchRows = new Histogram({
  name: 'lineage_room_batch_rows',
  help: 'Edits in one commit.',
  buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
});
export const queuedEdits = new Gauge({
  name: 'lineage_room_queued_edits',
  help: 'Edits that wait for the disk.',
});
export const coldUpdates = new Counter({
  name: 'lineage_room_cold_updates_total',
  help: 'Edits moved to the cold part of the log.',
});
export const commitFailures = new Counter({
  name: 'lineage_room_commit_failures_total',
  help: 'Commits that failed and were tried again.',
});
export const loadSeconds = new Histogram({
  name: 'lineage_room_load_seconds',
  help: 'Loading a document.',
  buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
});
export const closes = new Counter({
  name: 'lineage_room_closes_total',
  help: 'Sockets that the server closed.',
  labelNames: ['reason'],
});
export const refusals = new Counter({
  name: 'lineage_room_refused_edits_total',
  help: 'Edits that were refused.',
  labelNames: ['reason'],
});
export const framesIn = new Counter({
  name: 'lineage_room_frames_in_total',
  help: 'Frames received.',
  labelNames: ['type'],
});
export const presenceSuppressed = new Counter({
  name: 'lineage_room_presence_suppressed_total',
  help: 'Presence that was not sent on: unchanged, foreign, or for a reader that is too slow.',
});
