import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One edit as it came. The log is never shortened: it is the replay and the authorship. What is old is moved, see ColdLog. */
@Entity('room_update')
export class RoomUpdateEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @PrimaryColumn('integer')
  epoch: number;

  @PrimaryColumn('integer')
  seq: number;

  @Column('text')
  accountId: AccountId;

  @Column('bytea')
  update: Buffer;

  @Column('timestamptz')
  at: Date;
}
