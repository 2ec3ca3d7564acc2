import { Injectable } from '@nestjs/common';
import {
  type ClassSessionId,
  type RanForAll,
  type runForAllSchema,
  startRunSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { z } from 'zod';
import { DomainError } from '../../platform/errors/index.ts';
import { CohortDirectory, type GroupRow } from '../cohorts/index.ts';
import { StartRun } from '../runs/index.ts';
import { WorkspaceDirectory } from '../workspaces/index.ts';
import { ClassAccess } from './class-access.service.ts';
import { ClassLog } from './class-log.service.ts';

type Request = z.output<typeof runForAllSchema>;

/** Runs what every group of a class has, for whoever leads it. */
@Injectable()
export class ClassRuns {
  constructor(
    private readonly access: ClassAccess,
    private readonly classes: ClassLog,
    private readonly cohorts: CohortDirectory,
    private readonly workspaces: WorkspaceDirectory,
    private readonly starter: StartRun,
  ) {}

  /** @throws DomainError not_found, forbidden, runner_unavailable */
  async runForAll(
    caller: Caller,
    id: ClassSessionId,
    { kind }: Request,
    key: string,
    receivedAt: Date,
  ): Promise<RanForAll> {
    const { cohortId } = await this.access.requireLead(caller, id);
    const { lessonId } = await this.classes.state(id);
    const [groups, workspaces] = await Promise.all([
      this.cohorts.groupsOf(cohortId),
      this.workspaces.listForCohort(cohortId),
    ]);
    const request = startRunSchema.parse({ kind });
    const answer: RanForAll = { started: 0, skipped: [] };
    // One after the other: snapshots of thirty rooms at once would hold up those who type in them.
    for (const group of groups) {
      const workspace = workspaces.find((row) => row.groupId === group.id && row.lessonId === lessonId);
      if (workspace === undefined) {
        answer.skipped.push(skipped(group, 'They have not opened the exercise of this step.'));
        continue;
      }
      try {
        await this.starter.start(caller, workspace.id, request, `${key}.${group.id}`, receivedAt, true);
        answer.started += 1;
      } catch (err) {
        if (!(err instanceof DomainError) || err.code === 'runner_unavailable') throw err;
        answer.skipped.push(skipped(group, err.message));
      }
    }
    return answer;
  }
}

const skipped = ({ id, name }: GroupRow, reason: string): RanForAll['skipped'][number] => ({
  groupId: id,
  name,
  reason,
});
