import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WorkspacesModule } from '../workspaces/index.ts';
import { ColdLog } from './log/cold-log.service.ts';
import { DocumentLog } from './log/document-log.service.ts';
import { ResetWorkspace } from './reset-workspace.service.ts';
import { RoomAdmission } from './room-admission.ts';
import { RoomAuthorEntity } from './room-author.entity.ts';
import { RoomColdUpdateEntity } from './room-cold-update.entity.ts';
import { RoomCommandEntity } from './room-command.entity.ts';
import { RoomControlEntity } from './room-control.entity.ts';
import { RoomControlStore } from './room-control.store.ts';
import { RoomControls } from './room-controls.service.ts';
import { RoomHolder } from './relay/room-holder.ts';
import { RoomRelay } from './relay/room-relay.ts';
import { RoomLeaseEntity } from './room-lease.entity.ts';
import { RoomLeases } from './room-leases.ts';
import { RoomPermissions } from './room-permissions.ts';
import { RoomResetEntity } from './room-reset.entity.ts';
import { RoomSnapshotEntity } from './room-snapshot.entity.ts';
import { RoomSeats } from './room-seats.ts';
import { RoomStore } from './room-store.ts';
import { RoomUpdateEntity } from './room-update.entity.ts';
import { RoomGateway } from './room.gateway.ts';
import { RoomsController } from './rooms.controller.ts';
import { RoomsOverviewService } from './rooms-overview.service.ts';
import { Rooms } from './rooms.service.ts';
import { UpdateLogWriter } from './update-log.writer.ts';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      RoomAuthorEntity,
      RoomColdUpdateEntity,
      RoomCommandEntity,
      RoomControlEntity,
      RoomLeaseEntity,
      RoomResetEntity,
      RoomSnapshotEntity,
      RoomUpdateEntity,
    ]),
    WorkspacesModule,
  ],
  controllers: [RoomsController],
  providers: [
    Rooms,
    RoomStore,
    RoomControlStore,
    RoomControls,
    RoomLeases,
    RoomSeats,
    RoomRelay,
    RoomHolder,
    RoomsOverviewService,
    RoomGateway,
    RoomAdmission,
    RoomPermissions,
    ResetWorkspace,
    UpdateLogWriter,
    DocumentLog,
    ColdLog,
  ],
  exports: [Rooms, RoomControls, DocumentLog],
})
export class RoomsModule {}
