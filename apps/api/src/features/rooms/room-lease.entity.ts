import type { WorkspaceId } from '@lineage/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * Who may write a document: the process that holds the highest fence. Every append names fence and epoch. `processId` says
 * whom the others relay to; null where nobody holds the room, or one process is alone and takes each that it opens.
 */
@Entity('room_lease')
@Index('room_lease_of_process', ['processId'])
export class RoomLeaseEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @Column('integer')
  epoch: number;

  @Column('integer')
  fence: number;

  @Column('uuid', { nullable: true })
  processId: string | null;
}
