import type { WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who may write a document: the process that holds the highest fence. Every append names fence and epoch. */
@Entity('room_lease')
export class RoomLeaseEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'room_lease_pkey' })
  workspaceId: WorkspaceId;

  @Column('integer')
  epoch: number;

  @Column('integer')
  fence: number;
}
