import type { RoomControl } from '@lineage/collab';
import type { WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who drives in a room; absent while nobody ever chose. It outlives the room, so that a restart makes nobody a driver. */
@Entity('room_control')
export class RoomControlEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @Column('integer')
  seq: number;

  @Column('jsonb')
  control: Omit<RoomControl, 'seq'>;
}
