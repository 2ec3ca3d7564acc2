import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { AccountId, GroupId, RunId, Verdict } from '@lineage/contracts';
import { FairQueue } from '@lineage/domain';
import { CONFIG, type Config } from '../../config/index.ts';
import { log } from '../../platform/logging/index.ts';
import { ArtifactStore } from '../profiles/index.ts';
import { ArtifactReceiver } from './artifact-receiver.ts';
import { InputQueue } from './input-queue.ts';
import { Recent } from './recent.ts';
import { endOf } from './run-end.ts';
import { activeRuns, finishedRuns, runSeconds, waitingRuns } from './run-metrics.ts';
import { RunRecorder } from './run-recorder.ts';
import { RunStore } from './run-store.ts';
import type { RunEntity } from './run.entity.ts';
import { type ExecuteInput, RunnerLost, RunnerPool, type StartInput } from './runner-pool.ts';

/** One that runs and two that wait: enough to try things, too few to keep others waiting. */
export const MOST_RUNS_A_PERSON = 3;
/** What is typed and not yet read by the agent; more is a flood, not a person. */
const MOST_WAITING_INPUTS = 64;
/** Programs of a class that are likely to be run again as they are. */
const MOST_RECENT_PROGRAMS = 500;
/** The agent ends a cancelled run in milliseconds; one that does not answer is given up. */
const CANCEL_GRACE_MS = 5_000;

type Job = {
  readonly run: RunEntity;
  readonly input: InputQueue<ExecuteInput>;
  readonly abort: AbortController;
  /** Ends the build that was begun before the run was stored. */
  readonly early: AbortController;
  active: boolean;
  place: number;
};

/** Takes runs in turn, fair by group and then by person, and sees each to its end. */
@Injectable()
export class RunDispatcher implements BeforeApplicationShutdown {
  readonly #jobs = new Map<RunId, Job>();
  readonly #queue = new FairQueue<RunId>();
  readonly #running = new Set<Promise<void>>();
  readonly #arriving = new Map<AccountId, number>();
  readonly #programs = new Recent(MOST_RECENT_PROGRAMS);
  #stopping = false;
  #free: number;

  constructor(
    private readonly store: RunStore,
    private readonly artifacts: ArtifactStore,
    private readonly pool: RunnerPool,
    @Inject(CONFIG) config: Config,
  ) {
    this.#free = config.runner.runSlots;
  }

  /**
   * Keeps room for a run while its snapshot is taken, so that many commands at once count too; null when the person has
   * no more. The answer gives the room back: call it after `submit`, or when there will be none.
   */
  reserve(accountId: AccountId): (() => void) | null {
    const arriving = this.#arriving.get(accountId) ?? 0;
    const under = [...this.#jobs.values()].filter(({ run }) => run.startedBy === accountId).length;
    if (under + arriving >= MOST_RUNS_A_PERSON) return null;
    this.#arriving.set(accountId, arriving + 1);
    return () => {
      const left = (this.#arriving.get(accountId) ?? 1) - 1;
      if (left > 0) this.#arriving.set(accountId, left);
      else this.#arriving.delete(accountId);
    };
  }

  /**
   * Begins the build of a run while it is being stored, when the run would not have to wait for its turn. `program` names
   * what is built: what was built lately is there. Abort the answer when there will be no run, else give it to `submit`.
   */
  buildEarly(group: GroupId, start: StartInput, program: string): AbortController {
    const early = new AbortController();
    if (this.#free > 0 && this.#queue.size === 0 && !this.#stopping && this.#programs.isNew(program))
      // What is wrong with the build, the run will say.
      void this.pool.build(group, start, false, early.signal).catch(() => undefined);
    return early;
  }

  /** `stdin` is all that the program reads; null leaves its input open for `type`. */
  submit(run: RunEntity, start: StartInput, early: AbortController, stdin: string | null): void {
    const input = new InputQueue<ExecuteInput>();
    input.push({ request: { case: 'start', value: start } });
    if (stdin !== null) input.push(typed(stdin, true));
    this.#jobs.set(run.id, { run, input, abort: new AbortController(), early, active: false, place: 0 });
    if (this.#stopping) {
      void this.cancel(run.id);
      return;
    }
    this.#queue.add({ id: run.id, groupId: run.groupId, accountId: run.startedBy });
    this.#pump();
  }

  /** False when the run is not under way any more. */
  async cancel(id: RunId): Promise<boolean> {
    const job = this.#jobs.get(id);
    if (job === undefined) return false;
    job.early.abort();
    if (!job.active) {
      this.#queue.remove(id);
      const why = this.#stopping
        ? 'The server was stopped before the run began.'
        : 'The run was stopped before it began.';
      await this.#close(job, 'cancelled', why);
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
    await Promise.all([...this.#jobs.keys()].map((id) => this.cancel(id)));
    await Promise.all(this.#running);
  }

  #pump(): void {
    while (this.#free > 0 && !this.#stopping) {
      const next = this.#queue.take((accountId) => !this.#runs(accountId));
      if (next === null) break;
      const job = this.#jobs.get(next.id);
      if (job === undefined) continue;
      this.#free -= 1;
      job.active = true;
      const work = this.#perform(job).finally(() => {
        this.#free += 1;
        this.#running.delete(work);
        this.#pump();
      });
      this.#running.add(work);
    }
    waitingRuns.set(this.#queue.size);
    activeRuns.set(this.#running.size);
    void this.#tellPlaces();
  }

  #runs(accountId: string): boolean {
    return [...this.#jobs.values()].some(({ run, active }) => active && run.startedBy === accountId);
  }

  /** Whoever waits sees their place whenever it changes. */
  async #tellPlaces(): Promise<void> {
    for (const [at, { id }] of this.#queue.order().entries()) {
      const job = this.#jobs.get(id);
      if (job === undefined || job.place === at + 1) continue;
      job.place = at + 1;
      const body = {
        type: 'stage',
        stage: 'queue',
        finished: false,
        durationMs: null,
        detail: '',
        place: job.place,
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
    const receiver = new ArtifactReceiver(this.artifacts, run);
    const recorder = new RunRecorder(run.id, this.store, run.createdAt.getTime(), receiver);
    try {
      await recorder.record(this.pool.execute(run.groupId, input, abort.signal));
      this.#forget(job);
    } catch (err) {
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

  #forget({ run, input, early }: Job): void {
    input.close();
    early.abort();
    if (!this.#jobs.delete(run.id)) return;
    runSeconds.observe((Date.now() - run.createdAt.getTime()) / 1000);
    void this.store.find(run.id).then(
      (ended) => {
        const { state: verdict, limit } = ended ?? { state: 'errored' as const, limit: null };
        finishedRuns.inc({ verdict });
        log.info({ runId: run.id, accountId: run.startedBy, verdict, limit }, 'run ended');
      },
      (err: unknown) => log.warn({ err }, 'verdict not counted'),
    );
  }
}

const typed = (text: string, close: boolean): ExecuteInput => ({
  request: { case: 'stdin', value: { data: new TextEncoder().encode(text), close } },
});
