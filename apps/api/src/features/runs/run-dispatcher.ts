import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { RunId, Verdict } from '@lineage/contracts';
import { FairQueue } from '@lineage/domain';
import { CONFIG, type Config } from '../../config/index.ts';
import { log } from '../../platform/logging/index.ts';
import { ApiProcesses } from '../processes/index.ts';
import { ArtifactStore } from '../profiles/index.ts';
import { ArtifactReceiver } from './artifact-receiver.ts';
import { InputQueue } from './input-queue.ts';
import { type Reservation, RunCaps } from './run-caps.ts';
import { endOf } from './run-end.ts';
import {
  activeRuns,
  finishedRuns,
  limitedRuns,
  queueSeconds,
  runSeconds,
  waitingRuns,
} from './run-metrics.ts';
import { RunPace } from './run-pace.ts';
import { RunRecorder } from './run-recorder.ts';
import { RunStore } from './run-store.ts';
import type { RunEntity } from './run.entity.ts';
import { type ExecuteInput, RunnerLost, RunnerPool, type StartInput } from './runner-pool.ts';

/** What is typed and not yet read by the agent; more is a flood, not a person. */
const MOST_WAITING_INPUTS = 64;
/** The agent ends a cancelled run in milliseconds; one that does not answer is given up. */
const CANCEL_GRACE_MS = 5_000;

/** The server ends; who started the run did not ask for that. */
class ServerStopping extends Error {}

type Job = {
  readonly run: RunEntity;
  readonly input: InputQueue<ExecuteInput>;
  readonly abort: AbortController;
  /** Whether there is such a run, once that is known. */
  readonly stored: Promise<boolean>;
  /** The same; null while it is not known. */
  isStored: boolean | null;
  /** One of many that an instructor started at once: it waits behind what people wait for. */
  readonly isBatch: boolean;
  readonly queuedAt: number;
  /** When it took a slot; null while it waits. */
  activeSince: number | null;
  place: number;
};

/** A run that is under way or waits, for operators. */
export type OpenRun = {
  readonly run: RunEntity;
  readonly isBatch: boolean;
  readonly activeSince: number | null;
  readonly place: number;
};

type Submitted = {
  readonly stdin: string | null;
  readonly isBatch: boolean;
  readonly stored: Promise<{ readonly isNew: boolean }>;
};

/**
 * Takes runs in turn, fair by group and then by person, and sees each to its end. A batch has what slots people leave it,
 * and never the last one.
 */
@Injectable()
export class RunDispatcher implements BeforeApplicationShutdown {
  readonly #jobs = new Map<RunId, Job>();
  readonly #queue = new FairQueue<RunId>();
  readonly #batch = new FairQueue<RunId>();
  readonly #caps = new RunCaps();
  readonly #pace = new RunPace();
  readonly #running = new Set<Promise<void>>();
  #stopping = false;
  readonly slots: number;
  /** That has these runs, and whom others ask to steer them. */
  readonly process: string | null;
  #free: number;

  constructor(
    private readonly store: RunStore,
    private readonly artifacts: ArtifactStore,
    private readonly pool: RunnerPool,
    processes: ApiProcesses,
    @Inject(CONFIG) config: Config,
  ) {
    this.process = processes.self;
    this.slots = config.runner.runSlots;
    this.#free = this.slots;
  }

  /**
   * Keeps room for a run while its snapshot is taken, or names the limit that is reached. Give the room back before
   * `submit`, or when there will be none. A batch is bounded by whoever may start one.
   */
  reserve(owner: Pick<RunEntity, 'startedBy' | 'groupId'>): Reservation {
    const open = [...this.#jobs.values()].filter(({ isBatch }) => !isBatch).map(({ run }) => run);
    return this.#caps.reserve(owner, open);
  }

  /** Every run that has not ended, those that wait in the order of their turn. */
  open(): OpenRun[] {
    return [...this.#jobs.values()].toSorted((a, b) => a.place - b.place);
  }

  /**
   * Takes a run that is being stored, and begins it meanwhile when it has its turn: the store keeps all that happens in it
   * until it is known whether there is such a run. One that is not stored is given up, and never was. `stdin` is all that
   * the program reads; null leaves its input open for `type`.
   */
  submit(run: RunEntity, start: StartInput, { stdin, isBatch, ...submitted }: Submitted): void {
    const input = new InputQueue<ExecuteInput>();
    input.push({ request: { case: 'start', value: start } });
    if (stdin !== null) input.push(typed(stdin, true));
    const abort = new AbortController();
    const stored = submitted.stored.then(
      ({ isNew }) => isNew,
      () => false,
    );
    const fresh = { isStored: null, queuedAt: Date.now(), activeSince: null, place: 0 };
    const job: Job = { run, input, abort, stored, isBatch, ...fresh };
    this.#jobs.set(run.id, job);
    void stored.then((isStored) => this.#stored(job, isStored));
    if (this.#stopping) {
      void this.#interrupt(job);
      return;
    }
    const queue = isBatch ? this.#batch : this.#queue;
    queue.add({ id: run.id, groupId: run.groupId, accountId: run.startedBy });
    this.#pump();
  }

  #stored(job: Job, isStored: boolean): void {
    job.isStored = isStored;
    if (isStored) return void this.#tellPlaces();
    if (job.activeSince !== null) return job.abort.abort();
    this.#leaveQueue(job.run.id);
    this.#forget(job);
    this.#pump();
  }

  #leaveQueue(id: RunId): void {
    if (!this.#queue.remove(id)) this.#batch.remove(id);
  }

  /** False when the run is not under way any more. */
  async cancel(id: RunId): Promise<boolean> {
    const job = this.#jobs.get(id);
    if (job === undefined) return false;
    if (job.activeSince === null) {
      this.#leaveQueue(id);
      await this.#close(job, 'cancelled', 'The run was stopped before it began.');
      this.#pump();
      return true;
    }
    job.input.push({ request: { case: 'cancel', value: { reason: 'stopped by a person' } } });
    setTimeout(() => job.abort.abort(), CANCEL_GRACE_MS).unref();
    return true;
  }

  /** Why a run does not read this, or that it does. */
  type(id: RunId, text: string, close: boolean): 'ended' | 'full' | 'taken' {
    const job = this.#jobs.get(id);
    if (job === undefined) return 'ended';
    if (job.input.size >= MOST_WAITING_INPUTS) return 'full';
    job.input.push(typed(text, close));
    return 'taken';
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#jobs.values()].map((job) => this.#interrupt(job)));
    await Promise.all(this.#running);
  }

  /** Ends a run because the server ends. */
  async #interrupt(job: Job): Promise<void> {
    if (job.activeSince !== null) return job.abort.abort(new ServerStopping());
    this.#leaveQueue(job.run.id);
    await this.#close(job, 'errored', 'The server was stopped before the run began. Start it again.');
  }

  #pump(): void {
    while (this.#free > 0 && !this.#stopping) {
      const next = this.#queue.take((accountId) => !this.#runs(accountId)) ?? this.#takeOfBatch();
      if (next === null) break;
      const job = this.#jobs.get(next.id);
      if (job === undefined) continue;
      this.#free -= 1;
      job.activeSince = Date.now();
      job.place = 0;
      void this.#observeWait(job, job.activeSince);
      const work = this.#perform(job).finally(() => {
        this.#free += 1;
        this.#running.delete(work);
        this.#pump();
      });
      this.#running.add(work);
    }
    waitingRuns.set(this.#queue.size + this.#batch.size);
    activeRuns.set(this.#running.size);
    void this.#tellPlaces();
  }

  /** One that was not stored never was, also for monitors. */
  async #observeWait({ stored, queuedAt }: Job, begunAt: number): Promise<void> {
    if (await stored) queueSeconds.observe((begunAt - queuedAt) / 1000);
  }

  /** A run of a person keeps their next ones waiting; a batch is of nobody in particular. */
  #runs(accountId: string): boolean {
    return [...this.#jobs.values()].some(
      ({ run, activeSince, isBatch }) => activeSince !== null && !isBatch && run.startedBy === accountId,
    );
  }

  #takeOfBatch() {
    return this.#hasSlotForBatch() ? this.#batch.take() : null;
  }

  /** Whoever presses Run next finds a slot, where there is more than one. */
  #hasSlotForBatch(): boolean {
    return this.#free > 1 || (this.slots === 1 && this.#free > 0);
  }

  /** Whoever waits sees their place whenever it changes. */
  async #tellPlaces(): Promise<void> {
    for (const [at, { id }] of [...this.#queue.order(), ...this.#batch.order()].entries()) {
      const job = this.#jobs.get(id);
      if (job?.isStored !== true || job.place === at + 1) continue;
      job.place = at + 1;
      const body = {
        type: 'stage',
        stage: 'queue',
        finished: false,
        durationMs: null,
        detail: '',
        place: job.place,
        waitMs: this.#pace.waitMs(job.place, this.slots),
      } as const;
      await this.store
        .append(id, [{ atMs: Date.now() - job.run.createdAt.getTime(), body }])
        .catch((err: unknown) => {
          log.warn({ err, runId: id }, 'place in the queue not told');
        });
    }
  }

  async #perform(job: Job): Promise<void> {
    const { run, input, abort } = job;
    const save: ArtifactStore['save'] = async (facts, bytes) => {
      if (!(await job.stored)) throw new Error('the run was not stored');
      return this.artifacts.save(facts, bytes);
    };
    const receiver = new ArtifactReceiver({ save }, run);
    const recorder = new RunRecorder(run.id, this.store, run.createdAt.getTime(), receiver);
    try {
      await recorder.record(this.pool.execute(run.groupId, input, abort.signal));
      this.#forget(job);
    } catch (err) {
      if (job.isStored === false) return this.#forget(job);
      if (abort.signal.reason instanceof ServerStopping)
        return await this.#close(
          job,
          'errored',
          'The server was stopped while this run was under way. Start it again.',
        );
      if (abort.signal.aborted) return await this.#close(job, 'cancelled', 'The run was stopped.');
      log.error({ err, runId: run.id }, 'run broke off');
      const state = this.pool.state();
      const known = err instanceof RunnerLost ? err.message : null;
      const why = known ?? (state.ready ? 'The runner broke off.' : state.reason);
      await this.#close(job, 'errored', `${why} Start the run again.`);
    } finally {
      input.close();
    }
  }

  /** Ends a run that no agent ended. */
  async #close(job: Job, verdict: Verdict, reason: string): Promise<void> {
    const { event, change } = endOf(verdict, reason, job.run.createdAt);
    try {
      await this.store.append(job.run.id, [event], change);
    } catch (err) {
      // The next start ends what is left open.
      log.error({ err, runId: job.run.id }, 'end of a run could not be stored');
    }
    this.#forget(job);
  }

  #forget({ run, input, isStored, activeSince }: Job): void {
    input.close();
    if (!this.#jobs.delete(run.id) || isStored === false) return;
    if (activeSince !== null) this.#pace.ended(Date.now() - activeSince);
    runSeconds.observe((Date.now() - run.createdAt.getTime()) / 1000);
    void this.store.find(run.id).then(
      (ended) => {
        const { state: verdict, limit } = ended ?? { state: 'errored' as const, limit: null };
        finishedRuns.inc({ kind: run.kind, verdict });
        if (limit !== null) limitedRuns.inc({ limit });
        log.info({ runId: run.id, accountId: run.startedBy, verdict, limit }, 'run ended');
      },
      (err: unknown) => log.warn({ err }, 'verdict not counted'),
    );
  }
}

const typed = (text: string, close: boolean): ExecuteInput => ({
  request: { case: 'stdin', value: { data: new TextEncoder().encode(text), close } },
});
