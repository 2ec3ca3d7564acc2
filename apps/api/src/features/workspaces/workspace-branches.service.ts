import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { TreeFile } from '@lineage/collab';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { toRow, type WorkspaceRow } from './workspace-access.service.ts';
import { WorkspaceTemplates } from './workspace-templates.service.ts';
import { WorkspaceEntity } from './workspace.entity.ts';

/** Branches of one workspace: a group tries a few ways, not a hundred. */
const MAX_BRANCHES = 32;

/** The moment of a workspace that another one begins with. */
export type Branch = {
  readonly id: WorkspaceId;
  readonly epoch: number;
  readonly seq: number;
  readonly at: Date;
  readonly by: AccountId;
};
type NewBranch = {
  readonly epoch: number;
  readonly seq: number;
  readonly files: readonly TreeFile[];
  readonly by: AccountId;
  readonly key: string;
};

/** Workspaces that begin with the text of another one, for the same group and exercise. */
@Injectable()
export class WorkspaceBranches {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly templates: WorkspaceTemplates,
  ) {}

  async list(of: WorkspaceId): Promise<Branch[]> {
    const rows = await this.db.manager.find(WorkspaceEntity, {
      where: { branchOf: of },
      order: { createdAt: 'ASC' },
    });
    return rows.map(({ id, branchEpoch, branchSeq, createdAt, createdBy }) => ({
      id,
      epoch: branchEpoch ?? 1,
      seq: branchSeq ?? 0,
      at: createdAt,
      by: createdBy,
    }));
  }

  /** The same key makes one branch. @throws DomainError not_found, conflict: there are too many; idempotency_mismatch */
  create(of: WorkspaceId, branch: NewBranch): Promise<WorkspaceRow> {
    return this.db.transaction(async (db) => {
      const origin = await lock(db, of);
      const { by: createdBy, key: branchKey, epoch: branchEpoch, seq: branchSeq } = branch;
      const made = await db.findOneBy(WorkspaceEntity, { branchOf: of, createdBy, branchKey });
      if (made !== null) return repeated(made, branch);
      if ((await db.countBy(WorkspaceEntity, { branchOf: of })) >= MAX_BRANCHES) {
        throw new DomainError(
          'conflict',
          `This workspace has ${MAX_BRANCHES} branches, and no more fit. Go on in one of them.`,
        );
      }
      const { cohortId, groupId, exerciseId, lessonId } = origin;
      const row: WorkspaceEntity = {
        id: newId<WorkspaceId>(),
        ...{ cohortId, groupId, exerciseId, lessonId },
        epoch: 1,
        createdBy,
        createdAt: new Date(),
        ...{ branchOf: of, branchEpoch, branchSeq, branchKey },
      };
      await db.insert(WorkspaceEntity, row);
      await this.templates.storeFiles(db, row, branch.files);
      return toRow(row);
    });
  }
}

/** One at a time, so that two do not count the same branches. */
async function lock(db: EntityManager, id: WorkspaceId): Promise<WorkspaceEntity> {
  const row = await db.findOne(WorkspaceEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (row === null) throw notFound('workspace');
  return row;
}

function repeated(made: WorkspaceEntity, { epoch, seq }: NewBranch): WorkspaceRow {
  if (made.branchEpoch === epoch && made.branchSeq === seq) return toRow(made);
  throw new DomainError(
    'idempotency_mismatch',
    'This Idempotency-Key was used for another moment. Use a fresh one.',
  );
}
