import { Module } from '@nestjs/common';
import { ClassroomModule } from '../classroom/index.ts';
import { RoomsModule } from '../rooms/index.ts';
import { RunsModule } from '../runs/index.ts';
import { WorkspacesModule } from '../workspaces/index.ts';
import { GitExport } from './git-export.service.ts';
import { HistoryController } from './history.controller.ts';
import { Past } from './past.service.ts';
import { Timeline } from './timeline.service.ts';

@Module({
  imports: [ClassroomModule, RoomsModule, RunsModule, WorkspacesModule],
  controllers: [HistoryController],
  providers: [Timeline, Past, GitExport],
})
export class HistoryModule {}
