import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { BenchmarkValues, ComparableRun, RunId, WorkspaceId } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { type DataSource, In } from 'typeorm';
import { notFound } from '../../platform/errors/index.ts';
import { CohortDirectory } from '../cohorts/index.ts';
import { WorkspaceAccess, WorkspaceDirectory, type WorkspaceRow } from '../workspaces/index.ts';
import { RunEventEntity } from './run-event.entity.ts';
import { RunStore } from './run-store.ts';
import { RunEntity } from './run.entity.ts';

/** As many as anybody chooses from. */
const MOST_LISTED = 30;
/** Of one run; the agent takes as many. */
const MOST_BENCHMARKS = 500;

/** With whose values a run of benchmarks is compared. */
export type Comparison = { readonly with: ComparableRun; readonly values: BenchmarkValues[] };

/** Runs of benchmarks of one exercise, the group's own and those of other groups that the caller may see. */
@Injectable()
export class ComparableRuns {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly access: WorkspaceAccess,
    private readonly directory: WorkspaceDirectory,
    private readonly cohorts: CohortDirectory,
    private readonly store: RunStore,
  ) {}

  /** Latest first. @throws DomainError not_found */
  async list(caller: Caller, id: WorkspaceId): Promise<{ runs: ComparableRun[] }> {
    const workspace = await this.access.get(caller, id);
    const rows = await this.directory.listForCohort(workspace.cohortId, workspace.exerciseId);
    const seen = rows.filter((row) => may(caller, 'read', 'Workspace', row)).map((row) => row.id);
    const runs = await this.db.getRepository(RunEntity).find({
      where: { workspaceId: In(seen), kind: 'bench', state: 'passed' },
      order: { createdAt: 'DESC' },
      take: MOST_LISTED,
    });
    return { runs: await this.#view(runs, workspace) };
  }

  /**
   * What a run is compared with; null for `previous` where nothing else was measured yet. `snapshotHash` is of the run
   * that is about to start. @throws DomainError not_found for a run that the caller may not see
   */
  async find(
    caller: Caller,
    workspace: WorkspaceRow,
    wanted: 'previous' | RunId,
    snapshotHash: string,
  ): Promise<Comparison | null> {
    const run =
      wanted === 'previous' ? await this.#previous(workspace, snapshotHash) : await this.store.find(wanted);
    if (wanted !== 'previous' && (run === null || !may(caller, 'read', 'Workspace', run)))
      throw notFound('run');
    if (run === null) return null;
    const [shown] = await this.#view([run], workspace);
    const values = await this.#valuesOf(run.id);
    return shown === undefined || values.length === 0 ? null : { with: shown, values };
  }

  #previous({ id }: WorkspaceRow, snapshotHash: string): Promise<RunEntity | null> {
    return this.db
      .getRepository(RunEntity)
      .createQueryBuilder('run')
      .where({ workspaceId: id, kind: 'bench', state: 'passed' })
      .andWhere('run.snapshot_hash <> :snapshotHash', { snapshotHash })
      .orderBy('run.created_at', 'DESC')
      .getOne();
  }

  async #valuesOf(runId: RunId): Promise<BenchmarkValues[]> {
    const events = await this.db
      .getRepository(RunEventEntity)
      .createQueryBuilder('event')
      .where({ runId })
      .andWhere(`event.body->>'type' = 'benchmark'`)
      .orderBy('event.seq')
      .take(MOST_BENCHMARKS)
      .getMany();
    return events.flatMap(({ body }) =>
      body.type === 'benchmark' ? [{ name: body.name, unit: body.unit, values: body.values }] : [],
    );
  }

  async #view(runs: readonly RunEntity[], { cohortId, groupId }: WorkspaceRow): Promise<ComparableRun[]> {
    if (runs.length === 0) return [];
    const [views, groups] = await Promise.all([this.store.view(runs), this.cohorts.groupsOf(cohortId)]);
    return views.map((run) => ({
      id: run.id,
      groupName: groups.find(({ id }) => id === run.groupId)?.name ?? '',
      isOwn: run.groupId === groupId,
      startedBy: run.startedBy,
      createdAt: run.createdAt,
      // A run says it with its end.
      ...(run.finishedAt === null ? {} : { noisy: run.noisy }),
    }));
  }
}
