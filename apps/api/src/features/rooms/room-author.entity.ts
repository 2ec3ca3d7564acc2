import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const pkey = (): { primaryKeyConstraintName: string } => ({ primaryKeyConstraintName: 'room_author_pkey' });

/** A Yjs client id belongs to the account that used it first in the workspace. */
@Entity('room_author')
export class RoomAuthorEntity {
  @PrimaryColumn('uuid', pkey())
  workspaceId: WorkspaceId;

  @PrimaryColumn('bigint', pkey())
  clientId: string;

  @Column('text')
  accountId: AccountId;
}
