import type { AccountId, RoomCommand, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A command that was carried out, by its idempotency key; together they say who had control when. */
@Entity('room_command')
export class RoomCommandEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @PrimaryColumn('text')
  accountId: AccountId;

  @PrimaryColumn('text')
  idempotencyKey: string;

  /** Of the control after it. */
  @Column('integer')
  seq: number;

  @Column('jsonb')
  command: RoomCommand;

  @Column('timestamptz')
  at: Date;
}
