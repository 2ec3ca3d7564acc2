import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { ExerciseId, GroupId, Workspace, WorkspaceId } from '@lineage/contracts';
import { type Caller, may, roomRoleFor } from '@lineage/domain';
import { type DataSource, IsNull } from 'typeorm';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { CatalogService } from '../catalog/index.ts';
import { CohortDirectory } from '../cohorts/index.ts';
import { toRow, WorkspaceAccess, type WorkspaceRow } from './workspace-access.service.ts';
import { WorkspaceTemplates } from './workspace-templates.service.ts';
import { WorkspaceEntity } from './workspace.entity.ts';

/** Opening a workspace makes it when it is not there yet: one for each group and exercise, whoever comes first. */
@Injectable()
export class Workspaces {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly access: WorkspaceAccess,
    private readonly templates: WorkspaceTemplates,
    private readonly cohorts: CohortDirectory,
    private readonly catalog: CatalogService,
    private readonly events: DomainEvents,
  ) {}

  async open(caller: Caller, wanted: { groupId: GroupId; exerciseId: ExerciseId }): Promise<Workspace> {
    const group = await this.cohorts.findGroup(wanted.groupId);
    if (group === null) throw notFound('group');
    const facts = { cohortId: group.cohortId, groupId: wanted.groupId };
    if (!may(caller, 'read', 'Workspace', facts)) throw notFound('group');
    const row = may(caller, 'create', 'Workspace', facts)
      ? await this.#createOrGet(caller, { ...facts, exerciseId: wanted.exerciseId })
      : await this.#findOpened(wanted);
    this.events.publish('workspace.opened', {
      workspaceId: row.id,
      groupId: row.groupId,
      cohortId: row.cohortId,
    });
    return this.describe(caller, row);
  }

  async get(caller: Caller, id: WorkspaceId): Promise<Workspace> {
    return this.describe(caller, await this.access.get(caller, id));
  }

  async describe(caller: Caller, row: WorkspaceRow): Promise<Workspace> {
    const role = roomRoleFor(caller, row);
    const [group, exercise] = await Promise.all([
      this.cohorts.findGroup(row.groupId),
      this.catalog.exercise(row.exerciseId),
    ]);
    if (role === null || group === null) throw notFound('workspace');
    return {
      ...row,
      groupName: group.name,
      title: exercise.title,
      members: [...group.members],
      myRoomRole: role,
      canRun: may(caller, 'run', 'Workspace', row),
      canReset: may(caller, 'reset', 'Workspace', row),
    };
  }

  async #findOpened(wanted: { groupId: GroupId; exerciseId: ExerciseId }): Promise<WorkspaceRow> {
    const row = await this.db.manager.findOneBy(WorkspaceEntity, { ...wanted, branchOf: IsNull() });
    if (row === null)
      throw new DomainError(
        'not_found',
        'The group has not opened this exercise yet. It appears when one of them does.',
      );
    return toRow(row);
  }

  async #createOrGet(
    caller: Caller,
    wanted: Pick<WorkspaceEntity, 'cohortId' | 'groupId' | 'exerciseId'>,
  ): Promise<WorkspaceRow> {
    const exercise = await this.catalog.exercise(wanted.exerciseId);
    return this.db.transaction(async (db) => {
      const created = {
        id: newId<WorkspaceId>(),
        ...wanted,
        lessonId: exercise.lessonId,
        epoch: 1,
        createdBy: caller.accountId,
        createdAt: new Date(),
      };
      await db.createQueryBuilder().insert().into(WorkspaceEntity).values(created).orIgnore().execute();
      const { groupId, exerciseId } = wanted;
      const row = await db.findOneByOrFail(WorkspaceEntity, { groupId, exerciseId, branchOf: IsNull() });
      await this.templates.store(db, row);
      return toRow(row);
    });
  }
}
