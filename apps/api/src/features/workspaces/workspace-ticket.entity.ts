import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { WorkspaceEntity } from './workspace.entity.ts';

/** Lets a script of one account into one room for a minute; only the hash is kept. */
@Entity('workspace_ticket')
@Index('workspace_ticket_expires_at', ['expiresAt'])
export class WorkspaceTicketEntity {
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  @Column('uuid')
  workspaceId: WorkspaceId;

  @Column('text')
  accountId: AccountId;

  @Column('timestamptz')
  expiresAt: Date;

  @ManyToOne(() => WorkspaceEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'workspace_id', foreignKeyConstraintName: 'workspace_ticket_workspace' })
  workspace: WorkspaceEntity;
}
