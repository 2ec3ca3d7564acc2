import { Runs1764000005001 } from './migrations/1-runs.migration.ts';
import { RunProcess1764000005002 } from './migrations/2-run-process.migration.ts';
import { RunEventEntity } from './run-event.entity.ts';
import { RunSnapshotEntity } from './run-snapshot.entity.ts';
import { RunEntity } from './run.entity.ts';

export { RunAccess } from './run-access.service.ts';
export { RunStore } from './run-store.ts';
export { SpeculativeBuilds } from './speculative-builds.service.ts';
export { SteerRun } from './steer-run.service.ts';
export { StartRun } from './start-run.service.ts';
export { RunsModule } from './runs.module.ts';
export { withoutTrace } from './trace/without-trace.ts';

export const runsEntities = [RunEntity, RunEventEntity, RunSnapshotEntity];
export const runsMigrations = [Runs1764000005001, RunProcess1764000005002];
