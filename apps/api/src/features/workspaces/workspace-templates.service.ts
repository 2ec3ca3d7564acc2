import { Injectable } from '@nestjs/common';
import type { WorkspaceId } from '@lineage/contracts';
import { templateUpdate, type TreeFile } from '@lineage/collab';
import type { EntityManager } from 'typeorm';
import { notFound } from '../../platform/errors/index.ts';
import { CatalogService } from '../catalog/index.ts';
import { WorkspaceTemplateEntity } from './workspace-template.entity.ts';
import { WorkspaceEntity } from './workspace.entity.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Templates are stored bytes: made when a workspace is made or reset, and only read after that. */
@Injectable()
export class WorkspaceTemplates {
  constructor(private readonly catalog: CatalogService) {}

  /** Stores the template of `workspace` at its epoch, unless it is there. */
  async store(
    db: EntityManager,
    workspace: Pick<WorkspaceEntity, 'id' | 'epoch' | 'exerciseId'>,
  ): Promise<void> {
    const exercise = await this.catalog.exercise(workspace.exerciseId);
    const files = exercise.files.map((file) => ({ path: file.path, content: utf8.decode(file.content) }));
    await this.storeFiles(db, workspace, files);
  }

  /** The same with other files than the exercise's: a branch begins with what it was branched from. */
  async storeFiles(
    db: EntityManager,
    workspace: Pick<WorkspaceEntity, 'id' | 'epoch'>,
    files: readonly TreeFile[],
  ): Promise<void> {
    const state = Buffer.from(templateUpdate(files, workspace.epoch));
    await db
      .createQueryBuilder()
      .insert()
      .into(WorkspaceTemplateEntity)
      .values({ workspaceId: workspace.id, epoch: workspace.epoch, state })
      .orIgnore()
      .execute();
  }

  /** The bytes a document of this epoch begins with. @throws DomainError not_found */
  async get(db: EntityManager, workspaceId: WorkspaceId, epoch: number): Promise<Uint8Array> {
    const row = await db.findOneBy(WorkspaceTemplateEntity, { workspaceId, epoch });
    if (row === null) throw notFound('workspace');
    return row.state;
  }

  /** Raises the epoch and stores the template anew, within the caller's transaction. @throws DomainError not_found */
  async advance(db: EntityManager, workspaceId: WorkspaceId): Promise<number> {
    const row = await db.findOne(WorkspaceEntity, {
      where: { id: workspaceId },
      lock: { mode: 'pessimistic_write' },
    });
    if (row === null) throw notFound('workspace');
    const epoch = row.epoch + 1;
    await db.update(WorkspaceEntity, { id: workspaceId }, { epoch });
    await this.store(db, { ...row, epoch });
    return epoch;
  }
}
