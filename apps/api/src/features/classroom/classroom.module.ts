import { Global, Module } from '@nestjs/common';
import { LiveClassSource } from '../../platform/auth/index.ts';
import { CatalogModule } from '../catalog/index.ts';
import { RoomsModule } from '../rooms/index.ts';
import { RunsModule } from '../runs/index.ts';
import { WorkspacesModule } from '../workspaces/index.ts';
import { ClassAccess } from './class-access.service.ts';
import { ClassGroups } from './class-groups.service.ts';
import { ClassLog } from './class-log.service.ts';
import { ClassPresence } from './class-presence.ts';
import { ClassRooms } from './class-rooms.service.ts';
import { ClassRuns } from './class-runs.service.ts';
import { ClassSessions } from './class-sessions.service.ts';
import { ClassSteps } from './class-steps.service.ts';
import { ClassroomController } from './classroom.controller.ts';
import { GroupCards } from './group-cards.service.ts';
import { CardUpdates } from './live/card-updates.ts';
import { ClassPeople } from './live/class-people.ts';
import { LivePermissions } from './live/live-permissions.ts';
import { MissedEvents } from './live/missed-events.ts';
import { LiveSockets } from './live/live-sockets.ts';
import { LiveGateway } from './live/live.gateway.ts';
import { WatchTargets } from './live/watch-targets.ts';
import { WatchFeeds } from './live/watch-feeds.ts';
import { Watches } from './live/watches.service.ts';
import { ScheduleLiveClassSource } from './schedule-live-class.source.ts';

/** Global, because identity tells each person which of their classes are live. */
@Global()
@Module({
  imports: [CatalogModule, RoomsModule, RunsModule, WorkspacesModule],
  controllers: [ClassroomController],
  providers: [
    { provide: LiveClassSource, useClass: ScheduleLiveClassSource },
    CardUpdates,
    ClassAccess,
    ClassGroups,
    ClassLog,
    ClassPeople,
    ClassPresence,
    ClassRooms,
    ClassRuns,
    ClassSessions,
    ClassSteps,
    GroupCards,
    LiveGateway,
    LivePermissions,
    LiveSockets,
    MissedEvents,
    WatchFeeds,
    Watches,
    WatchTargets,
  ],
  exports: [LiveClassSource, ClassSteps],
})
export class ClassroomModule {}
