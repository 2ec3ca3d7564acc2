import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A reset that was done, by its idempotency key: asking again gives the same epoch. */
@Entity('room_reset')
export class RoomResetEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @PrimaryColumn('text')
  idempotencyKey: string;

  @Column('integer')
  epoch: number;

  @Column('text')
  accountId: AccountId;

  @Column('timestamptz')
  at: Date;
}
