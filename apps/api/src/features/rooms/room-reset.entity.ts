import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const pkey = (): { primaryKeyConstraintName: string } => ({ primaryKeyConstraintName: 'room_reset_pkey' });

/** A reset that was done, by its idempotency key: asking again gives the same epoch. */
@Entity('room_reset')
export class RoomResetEntity {
  @PrimaryColumn('uuid', pkey())
  workspaceId: WorkspaceId;

  @PrimaryColumn('text', pkey())
  idempotencyKey: string;

  @Column('integer')
  epoch: number;

  @Column('text')
  accountId: AccountId;

  @Column('timestamptz')
  at: Date;
}
