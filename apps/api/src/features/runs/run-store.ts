import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type {
  AccountId,
  Person,
  Run,
  RunEvent,
  RunEventBody,
  RunId,
  RunState,
  WorkspaceId,
} from '@lineage/contracts';
import { type DataSource, In, Like, MoreThan } from 'typeorm';
import { AccountDirectory, toPerson } from '../identity/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { Gathering } from '../../platform/gathering/index.ts';
import { log } from '../../platform/logging/index.ts';
import { ArtifactStore, type StoredArtifact } from '../profiles/index.ts';
import { RunEventEntity } from './run-event.entity.ts';
import { RunSnapshotEntity } from './run-snapshot.entity.ts';
import {
  APPEND_TO_RUN,
  CREATE_RUN,
  EVENTS_AFTER,
  fromRow,
  RUN_OF_KEY,
  RUNS,
  toRow,
} from './run-statements.ts';
import { RunEntity } from './run.entity.ts';

export type NewEvent = { readonly atMs: number; readonly body: RunEventBody };
export type RunChange = Partial<
  Pick<RunEntity, 'state' | 'limit' | 'exitCode' | 'reason' | 'selfReported' | 'noisy' | 'finishedAt'>
>;

/** Newest runs that a workspace lists, and events in one answer. */
const LISTED_RUNS = 50;
const EVENTS_AN_ANSWER = 1000;
/** Runs of one statement. */
const MAX_GATHERED = 200;
/** Each may hold thousands of tiles. */
const TRACES_A_PAGE = 50;
const unfinished: RunState[] = ['queued', 'building', 'running'];

/** Runs and what happened in them. Everything is committed before anybody is told. */
@Injectable()
export class RunStore {
  /** A class that opens a run at once asks for it once. */
  readonly #found = new Gathering<RunId, RunEntity>((ids) => this.#find(ids), MAX_GATHERED);
  readonly #announcing = new Map<RunId, Promise<void>>();
  /** Runs on their way in, which may have begun: what happens in them waits until it is known whether there are such. */
  readonly #creating = new Map<RunId, Promise<boolean>>();

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly accounts: AccountDirectory,
    private readonly events: DomainEvents,
    private readonly artifacts: ArtifactStore,
  ) {}

  /**
   * Stores a new run with its first events, or gives the one that the same person started with the same key. What is
   * appended to it meanwhile is stored after it, or not at all when it is not.
   */
  create(
    run: RunEntity,
    files: RunSnapshotEntity['files'],
    first: readonly NewEvent[],
    startedBy: Person,
  ): Promise<{ run: RunEntity; isNew: boolean }> {
    // In the next turn: its start is on the way to the agent by then, and the two work side by side.
    const created = setImmediate()
      .then(() => this.#create(run, files, first, startedBy))
      .finally(() => this.#creating.delete(run.id));
    this.#creating.set(
      run.id,
      created.then(
        ({ isNew }) => isNew,
        () => false,
      ),
    );
    return created;
  }

  async #create(
    run: RunEntity,
    files: RunSnapshotEntity['files'],
    first: readonly NewEvent[],
    by: Person,
  ): Promise<{ run: RunEntity; isNew: boolean }> {
    run.lastSeq = first.length;
    const added = await CREATE_RUN.run(this.db, [
      run.snapshotHash,
      JSON.stringify(files),
      toRow(run),
      first.map(({ atMs }) => atMs),
      first.map(({ body }) => JSON.stringify(body)),
    ]);
    if (added.length === 0) {
      const { startedBy, idempotencyKey } = run;
      return {
        run: await this.db.getRepository(RunEntity).findOneByOrFail({ startedBy, idempotencyKey }),
        isNew: false,
      };
    }
    const events = first.map(({ atMs, body }, at) => ({ runId: run.id, seq: at + 1, atMs, body }));
    this.events.publish('run.happened', { runId: run.id, workspaceId: run.workspaceId, events });
    this.events.publish('run.changed', { run: toView(run, by, []), cohortId: run.cohortId });
    return { run, isNew: true };
  }

  async findByKey(startedBy: AccountId, idempotencyKey: string): Promise<RunEntity | null> {
    const [row] = await RUN_OF_KEY.run(this.db, [startedBy, idempotencyKey]);
    return row === undefined ? null : fromRow(row);
  }

  find(id: RunId): Promise<RunEntity | null> {
    return this.#found.get(id);
  }

  async #find(ids: readonly RunId[]): Promise<ReadonlyMap<RunId, RunEntity>> {
    const runs = (await RUNS.run(this.db, [ids])).map(fromRow);
    return new Map(runs.map((run) => [run.id, run]));
  }

  newest(workspaceId: WorkspaceId, most = LISTED_RUNS): Promise<RunEntity[]> {
    return this.db
      .getRepository(RunEntity)
      .find({ where: { workspaceId }, order: { createdAt: 'DESC' }, take: most });
  }

  /** Runs of these workspaces that have not ended and were started with a key that begins so. */
  openWithKey(workspaceIds: readonly WorkspaceId[], keyPrefix: string, since: Date): Promise<RunEntity[]> {
    return this.db.getRepository(RunEntity).find({
      where: {
        workspaceId: In([...workspaceIds]),
        createdAt: MoreThan(since),
        state: In(unfinished),
        idempotencyKey: Like(`${keyPrefix}%`),
      },
    });
  }

  /** Runs that nobody sees to their end: no process that lives has them. `alone`: no other process has any. */
  leftUnfinished(alone: boolean): Promise<RunEntity[]> {
    const left = this.db
      .getRepository(RunEntity)
      .createQueryBuilder('run')
      .where({ state: In(unfinished) });
    if (!alone)
      left.andWhere(
        `NOT EXISTS (SELECT 1 FROM api_process p WHERE p.id = run.process_id AND p.alive_until > clock_timestamp())`,
      );
    return left.getMany();
  }

  async after(runId: RunId, seq: number): Promise<RunEvent[]> {
    return EVENTS_AFTER.run(this.db, [runId, seq, EVENTS_AN_ANSWER]);
  }

  /** Events that are about the execution trace, after one number and up to another; a page, in order. */
  tracesAfter(runId: RunId, seq: number, upTo: number): Promise<RunEvent[]> {
    return this.db
      .getRepository(RunEventEntity)
      .createQueryBuilder('event')
      .where({ runId })
      .andWhere('event.seq > :seq AND event.seq <= :upTo', { seq, upTo })
      .andWhere(`event.body->>'type' = 'trace'`)
      .orderBy('event.seq')
      .take(TRACES_A_PAGE)
      .getMany();
  }

  /**
   * Adds events without a gap and changes the run in one transaction; null when the run had finished before, or was not
   * stored.
   */
  async append(id: RunId, happened: readonly NewEvent[], change: RunChange = {}): Promise<RunEntity | null> {
    if ((await this.#creating.get(id)) === false) return null;
    const [row] = await APPEND_TO_RUN.run(this.db, [
      id,
      happened.map(({ atMs }) => atMs),
      happened.map(({ body }) => JSON.stringify(body)),
      toRow(change),
      countTests(happened),
    ]);
    if (row === undefined) return null;
    const run = fromRow(row);
    const before = run.lastSeq - happened.length;
    const events = happened.map(({ atMs, body }, at) => ({ runId: id, seq: before + at + 1, atMs, body }));
    if (events.length > 0)
      this.events.publish('run.happened', { runId: id, workspaceId: run.workspaceId, events });
    if (run.state !== row['state_before']) this.announce(run);
    return run;
  }

  /** What a run prints beyond what is kept: for the moment, to whoever looks. */
  glimpse(runId: RunId, stream: 'stdout' | 'stderr', text: string): void {
    if (!this.#creating.has(runId)) this.events.publish('run.printing', { runId, stream, text });
  }

  /** Tells where a run stands, after what was told of it before. Whoever changed it does not wait. */
  announce(run: RunEntity): void {
    const told = (this.#announcing.get(run.id) ?? Promise.resolve())
      .then(async () => {
        const [view] = await this.view([run]);
        if (view !== undefined) this.events.publish('run.changed', { run: view, cohortId: run.cohortId });
      })
      .catch((err: unknown) => log.warn({ err, runId: run.id }, 'state of a run not told'))
      .finally(() => {
        if (this.#announcing.get(run.id) === told) this.#announcing.delete(run.id);
      });
    this.#announcing.set(run.id, told);
  }

  /** Runs as the contract shows them. */
  async view(runs: readonly RunEntity[]): Promise<Run[]> {
    const given = await this.artifacts.ofRuns(runs.map((run) => run.id));
    const people = await this.accounts.findMany([...new Set(runs.map((run) => run.startedBy))]);
    return runs.map((run) =>
      toView(
        run,
        toPerson(people.get(run.startedBy) ?? { id: run.startedBy, name: '' }),
        given.get(run.id) ?? [],
      ),
    );
  }
}

/** A run as the contract shows it, to whoever knows who started it and what it gave. */
export function toView(run: RunEntity, startedBy: Person, given: readonly StoredArtifact[]): Run {
  const { cohortId: _cohort, idempotencyKey: _key, requestHash: _hash, processId: _process, ...shown } = run;
  return {
    ...shown,
    startedBy,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    artifacts: given.map(({ artifact }) => artifact),
    hot: given.find(({ hot }) => hot !== null)?.hot ?? null,
  };
}

/** How many tests passed, failed and were skipped; null when no event is about a test. */
function countTests(happened: readonly NewEvent[]): [number, number, number] | null {
  const ended = happened.flatMap(({ body }) =>
    body.type === 'test' && body.outcome !== 'started' ? [body.outcome] : [],
  );
  if (ended.length === 0) return null;
  const count = (...outcomes: string[]): number => ended.filter((one) => outcomes.includes(one)).length;
  return [count('passed'), count('failed', 'missing'), count('skipped')];
}
