import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { CohortId, ExerciseId, GroupId } from '@lineage/contracts';
import { IsNull, type Repository } from 'typeorm';
import { toRow, type WorkspaceRow } from './workspace-access.service.ts';
import { WorkspaceEntity } from './workspace.entity.ts';

/** Which workspaces groups have, for features that show them side by side. Branches are nobody's place in a class. */
@Injectable()
export class WorkspaceDirectory {
  constructor(@InjectRepository(WorkspaceEntity) private readonly rows: Repository<WorkspaceEntity>) {}

  /** The group's workspace of this exercise, or, without one, the group's newest. */
  async findForGroup(groupId: GroupId, exerciseId?: ExerciseId): Promise<WorkspaceRow | null> {
    const where = { groupId, branchOf: IsNull(), ...(exerciseId === undefined ? {} : { exerciseId }) };
    const [row] = await this.rows.find({ where, order: { createdAt: 'DESC', id: 'DESC' }, take: 1 });
    return row === undefined ? null : toRow(row);
  }

  async listForCohort(cohortId: CohortId, exerciseId?: ExerciseId): Promise<WorkspaceRow[]> {
    const rows = await this.rows.findBy({
      cohortId,
      branchOf: IsNull(),
      ...(exerciseId === undefined ? {} : { exerciseId }),
    });
    return rows.map(toRow);
  }
}
