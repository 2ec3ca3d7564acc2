import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/index.ts';
import { CohortsModule } from '../cohorts/index.ts';
import { ProfilesModule } from '../profiles/index.ts';
import { RoomsModule } from '../rooms/index.ts';
import { WorkspacesModule } from '../workspaces/index.ts';
import { ComparableRuns } from './comparable-runs.service.ts';
import { GoVersions } from './go-versions.service.ts';
import { FormatSource } from './format-source.service.ts';
import { InspectSource } from './inspect-source.service.ts';
import { InterruptedRuns } from './interrupted-runs.ts';
import { RunAccess } from './run-access.service.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import { RunEventEntity } from './run-event.entity.ts';
import { RunSnapshotEntity } from './run-snapshot.entity.ts';
import { RunStore } from './run-store.ts';
import { RunEntity } from './run.entity.ts';
import { RunnerAgents } from './runner-agents.service.ts';
import { RunnerLevel } from './runner-level.ts';
import { RunnerOverviewService } from './runner-overview.service.ts';
import { runnerPoolProvider } from './runner-pool.provider.ts';
import { RunsController } from './runs.controller.ts';
import { SpeculativeBuilds } from './speculative-builds.service.ts';
import { RunTraces } from './trace/run-traces.service.ts';
import { StartRun } from './start-run.service.ts';
import { SteerRun } from './steer-run.service.ts';

@Module({
  imports: [
    TypeOrmModule.forFeature([RunEntity, RunEventEntity, RunSnapshotEntity]),
    WorkspacesModule,
    RoomsModule,
    CatalogModule,
    CohortsModule,
    ProfilesModule,
  ],
  controllers: [RunsController],
  providers: [
    RunStore,
    RunAccess,
    ComparableRuns,
    GoVersions,
    InterruptedRuns,
    StartRun,
    SteerRun,
    RunDispatcher,
    SpeculativeBuilds,
    InspectSource,
    FormatSource,
    RunnerAgents,
    RunnerLevel,
    RunnerOverviewService,
    RunTraces,
    runnerPoolProvider,
  ],
  exports: [RunStore, RunAccess, SpeculativeBuilds, StartRun, SteerRun],
})
export class RunsModule {}
