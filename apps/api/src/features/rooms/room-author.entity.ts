import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A Yjs client id belongs to the account that used it first in the workspace. */
@Entity('room_author')
export class RoomAuthorEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @PrimaryColumn('bigint')
  clientId: string;

  @Column('text')
  accountId: AccountId;
}
