import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const pkey = (): { primaryKeyConstraintName: string } => ({
  primaryKeyConstraintName: 'room_cold_update_pkey',
});

/** An edit that no load needs any more, see ColdLog. With those of `room_update` it is the view `room_log`. */
@Entity('room_cold_update')
export class RoomColdUpdateEntity {
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
