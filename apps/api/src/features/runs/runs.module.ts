import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WorkspacesModule } from '../workspaces/index.ts';
import { InterruptedRuns } from './interrupted-runs.ts';
import { RunAccess } from './run-access.service.ts';
import { RunEventEntity } from './run-event.entity.ts';
import { RunSnapshotEntity } from './run-snapshot.entity.ts';
import { RunStore } from './run-store.ts';
import { RunEntity } from './run.entity.ts';
import { RunsController } from './runs.controller.ts';

@Module({
  imports: [TypeOrmModule.forFeature([RunEntity, RunEventEntity, RunSnapshotEntity]), WorkspacesModule],
  controllers: [RunsController],
  providers: [RunStore, RunAccess, InterruptedRuns],
  exports: [RunStore, RunAccess],
})
export class RunsModule {}
