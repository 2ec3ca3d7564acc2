import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const pkey = (): { primaryKeyConstraintName: string } => ({ primaryKeyConstraintName: 'room_update_pkey' });

/** One edit as it came. The log is never shortened: it is the replay and the authorship. What is old is moved, see ColdLog. */
@Entity('room_update')
export class RoomUpdateEntity {
  @PrimaryColumn('uuid', pkey())
  workspaceId: WorkspaceId;

  @PrimaryColumn('integer', pkey())
  epoch: number;

  @PrimaryColumn('integer', pkey())
  seq: number;

  @Column('text')
  accountId: AccountId;

  @Column('bytea')
  update: Buffer;

  @Column('timestamptz')
  at: Date;
}
