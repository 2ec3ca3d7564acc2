import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { CohortId, ExerciseId, GroupId, LessonId, WorkspaceId } from '@lineage/contracts';
import { type Action, type BaseRoomRole, type Caller, may, roomRoleFor } from '@lineage/domain';
import type { DataSource } from 'typeorm';
import { PreparedStatement } from '../../database/index.ts';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { Gathering } from '../../platform/gathering/index.ts';
import type { WorkspaceEntity } from './workspace.entity.ts';

/** Workspaces of one statement: a class that opens them at once. */
const MAX_GATHERED = 200;

/** What other features may know of a workspace. */
export type WorkspaceRow = {
  readonly id: WorkspaceId;
  readonly cohortId: CohortId;
  readonly groupId: GroupId;
  readonly exerciseId: ExerciseId;
  readonly lessonId: LessonId;
  readonly epoch: number;
  readonly branchOf: WorkspaceId | null;
  readonly createdAt: Date;
};

/** Every command of a workspace asks this. $1 ids. */
const WORKSPACES = new PreparedStatement<WorkspaceRow>(
  'workspaces',
  `SELECT id, cohort_id AS "cohortId", group_id AS "groupId", exercise_id AS "exerciseId", lesson_id AS "lessonId",
      epoch, branch_of AS "branchOf", created_at AS "createdAt" FROM workspace WHERE id = ANY ($1)`,
);

/** The one way in to a workspace: what the caller may not see does not exist. */
@Injectable()
export class WorkspaceAccess {
  readonly #found = new Gathering<WorkspaceId, WorkspaceRow>((ids) => this.#find(ids), MAX_GATHERED);

  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** @throws DomainError not_found */
  async get(caller: Caller, id: WorkspaceId): Promise<WorkspaceRow> {
    const row = await this.find(id);
    if (row === null || roomRoleFor(caller, row) === null) throw notFound('workspace');
    return row;
  }

  /** As `get`, and the caller may do `action` to it. @throws DomainError not_found, forbidden */
  async require(caller: Caller, id: WorkspaceId, action: Action): Promise<WorkspaceRow> {
    const row = await this.get(caller, id);
    if (!may(caller, action, 'Workspace', row)) {
      throw new DomainError(
        'forbidden',
        'You may look at this workspace, but this needs a member of its group or the instructor.',
      );
    }
    return row;
  }

  /** The row and the role that the caller enters its room with. @throws DomainError not_found */
  async requireRole(caller: Caller, id: WorkspaceId): Promise<{ row: WorkspaceRow; role: BaseRoomRole }> {
    const row = await this.get(caller, id);
    const role = roomRoleFor(caller, row);
    if (role === null) throw notFound('workspace');
    return { row, role };
  }

  /** Without asking who wants to know: for work that was authorised before. */
  find(id: WorkspaceId): Promise<WorkspaceRow | null> {
    return this.#found.get(id);
  }

  async #find(ids: readonly WorkspaceId[]): Promise<ReadonlyMap<WorkspaceId, WorkspaceRow>> {
    const rows = await WORKSPACES.run(this.db, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}

export function toRow(entity: WorkspaceEntity): WorkspaceRow {
  const { id, cohortId, groupId, exerciseId, lessonId, epoch, branchOf, createdAt } = entity;
  return { id, cohortId, groupId, exerciseId, lessonId, epoch, branchOf, createdAt };
}
