import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type {
  AccountId,
  Run,
  RunEvent,
  RunEventBody,
  RunId,
  RunState,
  WorkspaceId,
} from '@lineage/contracts';
import { type DataSource, In, MoreThan } from 'typeorm';
import { AccountDirectory, toPerson } from '../identity/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { ArtifactStore } from '../profiles/index.ts';
import { RunEventEntity } from './run-event.entity.ts';
import { RunSnapshotEntity } from './run-snapshot.entity.ts';
import { RunEntity } from './run.entity.ts';

export type NewEvent = { readonly atMs: number; readonly body: RunEventBody };
export type RunChange = Partial<
  Pick<RunEntity, 'state' | 'limit' | 'exitCode' | 'reason' | 'selfReported' | 'noisy' | 'finishedAt'>
>;

/** Newest runs that a workspace lists, and events in one answer. */
const LISTED_RUNS = 50;
const EVENTS_AN_ANSWER = 1000;
const unfinished: RunState[] = ['queued', 'building', 'running'];

/** Runs and what happened in them. Everything is committed before anybody is told. */
@Injectable()
export class RunStore {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly accounts: AccountDirectory,
    private readonly events: DomainEvents,
    private readonly artifacts: ArtifactStore,
  ) {}

  /** Stores a new run with its first event, or gives the one that the same person started with the same key. */
  async create(
    run: RunEntity,
    files: RunSnapshotEntity['files'],
    first: NewEvent,
  ): Promise<{ run: RunEntity; isNew: boolean }> {
    const event = { runId: run.id, seq: run.lastSeq, ...first };
    const isNew = await this.db.transaction(async (tx) => {
      await tx
        .createQueryBuilder()
        .insert()
        .into(RunSnapshotEntity)
        .values({ hash: run.snapshotHash, files })
        .orIgnore()
        .execute();
      const added = await tx
        .createQueryBuilder()
        .insert()
        .into(RunEntity)
        .values(run)
        .orIgnore()
        .returning('id')
        .execute();
      if ((added.raw as unknown[]).length === 0) return false;
      await tx.insert(RunEventEntity, event);
      return true;
    });
    const { startedBy, idempotencyKey } = run;
    if (isNew)
      this.events.publish('run.happened', { runId: run.id, workspaceId: run.workspaceId, events: [event] });
    return {
      run: await this.db.getRepository(RunEntity).findOneByOrFail({ startedBy, idempotencyKey }),
      isNew,
    };
  }

  findByKey(startedBy: AccountId, idempotencyKey: string): Promise<RunEntity | null> {
    return this.db.getRepository(RunEntity).findOneBy({ startedBy, idempotencyKey });
  }

  find(id: RunId): Promise<RunEntity | null> {
    return this.db.getRepository(RunEntity).findOneBy({ id });
  }

  newest(workspaceId: WorkspaceId): Promise<RunEntity[]> {
    return this.db
      .getRepository(RunEntity)
      .find({ where: { workspaceId }, order: { createdAt: 'DESC' }, take: LISTED_RUNS });
  }

  leftUnfinished(): Promise<RunEntity[]> {
    return this.db.getRepository(RunEntity).find({ where: { state: In(unfinished) } });
  }

  async after(runId: RunId, seq: number): Promise<RunEvent[]> {
    return this.db.getRepository(RunEventEntity).find({
      where: { runId, seq: MoreThan(seq) },
      order: { seq: 'ASC' },
      take: EVENTS_AN_ANSWER,
    });
  }

  /** Adds events without a gap and changes the run in one transaction; null when the run had finished before. */
  async append(id: RunId, happened: readonly NewEvent[], change: RunChange = {}): Promise<RunEntity | null> {
    const done = await this.db.transaction(async (tx) => {
      const run = await tx.findOne(RunEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (run === null || !unfinished.includes(run.state)) return null;
      const events = happened.map((event, at) => ({
        runId: id,
        seq: run.lastSeq + at + 1,
        atMs: event.atMs,
        body: event.body,
      }));
      if (events.length > 0) await tx.insert(RunEventEntity, events);
      const tests = countTests(run.tests, happened);
      const changed = { ...run, ...change, tests, lastSeq: run.lastSeq + events.length };
      await tx.save(RunEntity, changed);
      return { run: changed, events, moved: changed.state !== run.state };
    });
    if (done === null) return null;
    const { run, events, moved } = done;
    if (events.length > 0)
      this.events.publish('run.happened', { runId: id, workspaceId: run.workspaceId, events });
    if (moved) await this.announce(run);
    return run;
  }

  async announce(run: RunEntity): Promise<void> {
    const [view] = await this.view([run]);
    if (view !== undefined) this.events.publish('run.changed', { run: view, cohortId: run.cohortId });
  }

  /** Runs as the contract shows them. */
  async view(runs: readonly RunEntity[]): Promise<Run[]> {
    const given = await this.artifacts.ofRuns(runs.map((run) => run.id));
    const people = await this.accounts.findMany([...new Set(runs.map((run) => run.startedBy))]);
    return runs.map((run) => {
      const { cohortId: _cohort, idempotencyKey: _key, requestHash: _hash, ...shown } = run;
      return {
        ...shown,
        startedBy: toPerson(people.get(run.startedBy) ?? { id: run.startedBy, name: '' }),
        createdAt: run.createdAt.toISOString(),
        finishedAt: run.finishedAt?.toISOString() ?? null,
        artifacts: (given.get(run.id) ?? []).map(({ artifact }) => artifact),
        hot: given.get(run.id)?.find(({ hot }) => hot !== null)?.hot ?? null,
      };
    });
  }
}

function countTests(before: Run['tests'], happened: readonly NewEvent[]): Run['tests'] {
  const tests = before ?? { passed: 0, failed: 0, skipped: 0 };
  let seen = before !== null;
  for (const { body } of happened) {
    if (body.type !== 'test' || body.outcome === 'started') continue;
    seen = true;
    tests[body.outcome === 'missing' ? 'failed' : body.outcome] += 1;
  }
  return seen ? tests : null;
}
