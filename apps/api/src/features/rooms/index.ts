import { Rooms1764000004001 } from './migrations/1-rooms.migration.ts';
import { RoomControl1764000004002 } from './migrations/2-room-control.migration.ts';
import { RoomHolder1764000004003 } from './migrations/3-room-holder.migration.ts';
import { ColdLog1764000004004 } from './migrations/4-cold-log.migration.ts';
import { RoomAuthorEntity } from './room-author.entity.ts';
import { RoomColdUpdateEntity } from './room-cold-update.entity.ts';
import { RoomCommandEntity } from './room-command.entity.ts';
import { RoomControlEntity } from './room-control.entity.ts';
import { RoomLeaseEntity } from './room-lease.entity.ts';
import { RoomResetEntity } from './room-reset.entity.ts';
import { RoomSnapshotEntity } from './room-snapshot.entity.ts';
import { RoomUpdateEntity } from './room-update.entity.ts';

export { ColdLog } from './log/cold-log.service.ts';
export { DocumentLog, type Stretch } from './log/document-log.service.ts';
export { MAX_EXPORTED_VERSIONS } from './log/log-limits.ts';
export { RoomControls } from './room-controls.service.ts';
export { RoomsModule } from './rooms.module.ts';
export { Rooms, type RoomSnapshot } from './rooms.service.ts';

export const roomsEntities = [
  RoomAuthorEntity,
  RoomColdUpdateEntity,
  RoomCommandEntity,
  RoomControlEntity,
  RoomLeaseEntity,
  RoomResetEntity,
  RoomSnapshotEntity,
  RoomUpdateEntity,
];
export const roomsMigrations = [
  Rooms1764000004001,
  RoomControl1764000004002,
  RoomHolder1764000004003,
  ColdLog1764000004004,
];
