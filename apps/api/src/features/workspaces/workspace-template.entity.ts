import type { WorkspaceId } from '@lineage/contracts';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { WorkspaceEntity } from './workspace.entity.ts';

/** The first update of a workspace at an epoch, made once and never made again. */
@Entity('workspace_template')
export class WorkspaceTemplateEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @PrimaryColumn('integer')
  epoch: number;

  @Column('bytea')
  state: Buffer;

  @ManyToOne(() => WorkspaceEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'workspace_id', foreignKeyConstraintName: 'workspace_template_workspace' })
  workspace: WorkspaceEntity;
}
