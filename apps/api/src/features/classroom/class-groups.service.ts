import { Injectable } from '@nestjs/common';
import type { ClassSessionId } from '@lineage/contracts';
import { CohortDirectory, type GroupRow } from '../cohorts/index.ts';
import { WorkspaceDirectory, type WorkspaceRow } from '../workspaces/index.ts';
import { ClassLog } from './class-log.service.ts';

/** A group of the class, with its workspace on the lesson of this step; null when it has not opened one. */
export type ClassGroup = { readonly group: GroupRow; readonly workspace: WorkspaceRow | null };

/** What each group of a class works on at the moment. */
@Injectable()
export class ClassGroups {
  constructor(
    private readonly classes: ClassLog,
    private readonly cohorts: CohortDirectory,
    private readonly workspaces: WorkspaceDirectory,
  ) {}

  async now(id: ClassSessionId, cohortId: GroupRow['cohortId']): Promise<ClassGroup[]> {
    const { lessonId } = await this.classes.state(id);
    const [groups, workspaces] = await Promise.all([
      this.cohorts.groupsOf(cohortId),
      this.workspaces.listForCohort(cohortId),
    ]);
    return groups.map((group) => ({
      group,
      workspace: workspaces.find((row) => row.groupId === group.id && row.lessonId === lessonId) ?? null,
    }));
  }
}

/** A group that a lead's command for all did not reach, and why. */
export const skipped = (
  { id, name }: GroupRow,
  reason = 'They have not opened the exercise of this step.',
): { groupId: GroupRow['id']; name: string; reason: string } => ({ groupId: id, name, reason });
