import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type Person,
  type Run,
  type RunEnv,
  type RunEventBody,
  type RunId,
  type startRunSchema,
  type WorkspaceId,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { z } from 'zod';
import { DomainError } from '../../platform/errors/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { CatalogService } from '../catalog/index.ts';
import { toPerson } from '../identity/index.ts';
import { type RoomSnapshot, Rooms } from '../rooms/index.ts';
import { WorkspaceAccess, type WorkspaceRow } from '../workspaces/index.ts';
import { wireKinds, wireSignals } from './agent/agent-events.ts';
import { wireTarget } from './agent/agent-cross.ts';
import { wireSweep } from './agent/agent-sweep.ts';
import { MOST_RUNS_A_GROUP, MOST_RUNS_A_PERSON } from './run-caps.ts';
import { type Comparison, ComparableRuns } from './comparable-runs.service.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import { stageSeconds } from './run-metrics.ts';
import { RunStore, toView } from './run-store.ts';
import { RunEntity } from './run.entity.ts';
import { RunnerPool, type StartInput } from './runner-pool.ts';
import { SpeculativeBuilds } from './speculative-builds.service.ts';

type Request = z.output<typeof startRunSchema>;

/** Takes the snapshot of the live document and hands it to the queue. */
@Injectable()
export class StartRun {
  constructor(
    private readonly access: WorkspaceAccess,
    private readonly rooms: Rooms,
    private readonly catalog: CatalogService,
    private readonly store: RunStore,
    private readonly dispatcher: RunDispatcher,
    private readonly pool: RunnerPool,
    private readonly speculation: SpeculativeBuilds,
    private readonly comparable: ComparableRuns,
  ) {}

  /** @throws DomainError not_found, forbidden, runner_unavailable, too_many_requests, edit_not_saved, document_invalid, idempotency_mismatch */
  async start(
    caller: Caller,
    id: WorkspaceId,
    request: Request,
    idempotencyKey: string,
    createdAt: Date,
    /** One of many that were asked for at once: it waits behind all others, and has no limit of its own. */
    isBatch = false,
  ): Promise<Run> {
    const { lastFrame: _frame, connectionId: _connection, ...asked } = request;
    const requestHash = createHash('sha256')
      .update(JSON.stringify([id, asked]))
      .digest('hex');
    const [workspace, before] = await Promise.all([
      this.access.require(caller, id, 'run'),
      this.store.findByKey(caller.accountId, idempotencyKey),
    ]);
    if (before !== null) return this.#repeat(before, requestHash);
    const release = isBatch ? this.#requireRunner() : this.#reserve(caller, workspace);
    const facts = { idempotencyKey, requestHash, createdAt, isBatch, release };
    try {
      return await this.#start(caller, workspace, request, facts);
    } finally {
      release();
    }
  }

  async #start(
    caller: Caller,
    workspace: WorkspaceRow,
    request: Request,
    facts: Pick<NewRun, 'idempotencyKey' | 'requestHash' | 'createdAt'> & {
      isBatch: boolean;
      release: () => void;
    },
  ): Promise<Run> {
    const { lastFrame, connectionId } = request;
    const snapshot = await this.rooms.snapshot(
      workspace.id,
      lastFrame === null || connectionId === null ? null : { lastFrame, connectionId },
    );
    if (snapshot.files.length === 0)
      throw new DomainError(
        'document_invalid',
        'There is no file to run. Make a main.go, or reset the workspace to its template.',
      );
    const processId = this.dispatcher.process;
    const run = newRun({ caller, workspace, request, snapshot, processId, ...facts });
    const { compareWith } = request;
    const comparison =
      compareWith === null ? null : await this.comparable.find(caller, workspace, compareWith, snapshot.hash);
    // Before the run is stored: what cannot be sent must not be left waiting.
    const wire = await this.#wire(run, request, snapshot, workspace, comparison);
    this.speculation.countRun(workspace.id, snapshot.hash, request.kind, request.signals);
    const by = toPerson({ id: caller.accountId, name: caller.name });
    const given = givenOf(request, comparison);
    const stored = this.#store(run, snapshot, by, given);
    // From here on it counts among those that have not ended; it must not count twice.
    facts.release();
    this.dispatcher.submit(run, wire, { stdin: request.stdin, isBatch: facts.isBatch, stored });
    const { run: there, isNew } = await stored;
    return isNew ? toView(run, by, []) : this.#repeat(there, facts.requestHash);
  }

  #store(run: RunEntity, snapshot: RoomSnapshot, by: Person, given: RunEventBody | null) {
    const tookMs = Date.now() - run.createdAt.getTime();
    stageSeconds.observe({ stage: 'snapshot' }, tookMs / 1000);
    const body = {
      type: 'stage',
      stage: 'snapshot',
      finished: true,
      durationMs: tookMs,
      detail: '',
      place: null,
    } as const;
    const first = (given === null ? [body] : [body, given]).map((one) => ({ atMs: tookMs, body: one }));
    return this.store.create(run, snapshot.files, first, by);
  }

  #requireRunner(): () => void {
    const state = this.pool.state();
    if (!state.ready) throw new DomainError('runner_unavailable', state.reason);
    return () => undefined;
  }

  #reserve(caller: Caller, { groupId }: WorkspaceRow): () => void {
    this.#requireRunner();
    const answer = this.dispatcher.reserve({ startedBy: caller.accountId, groupId });
    switch (answer.kind) {
      case 'taken':
        return answer.release;
      case 'person':
        throw new DomainError(
          'too_many_requests',
          `You have ${MOST_RUNS_A_PERSON} runs that have not ended. Stop one, or wait for it.`,
        );
      case 'group':
        throw new DomainError(
          'too_many_requests',
          `Your group has ${MOST_RUNS_A_GROUP} runs that have not ended. Stop one, or wait for it.`,
        );
    }
  }

  async #repeat(before: RunEntity, requestHash: string): Promise<Run> {
    if (before.requestHash !== requestHash) {
      throw new DomainError(
        'idempotency_mismatch',
        'This Idempotency-Key was used for another run. Use a fresh one.',
      );
    }
    return this.#view(before);
  }

  async #view(run: RunEntity): Promise<Run> {
    const [view] = await this.store.view([run]);
    if (view === undefined) throw new DomainError('internal', 'The run could not be shown.');
    return view;
  }

  async #wire(
    run: RunEntity,
    request: Request,
    snapshot: RoomSnapshot,
    workspace: WorkspaceRow,
    comparison: Comparison | null,
  ): Promise<StartInput> {
    const encoder = new TextEncoder();
    const graded = request.kind === 'check' ? await this.catalog.exercise(workspace.exerciseId) : null;
    return {
      runId: run.id,
      kind: wireKinds[request.kind],
      files: snapshot.files.map(({ path, content }) => ({ path, content: encoder.encode(content) })),
      checkFiles: (graded?.checks ?? []).map(({ path, content }) => ({
        path,
        content: new Uint8Array(content),
      })),
      signals: request.signals.map((signal) => wireSignals[signal]),
      args: request.args,
      env: envOf(request.env),
      pattern: request.pattern,
      ...testingOf(request, comparison),
      alone: request.alone,
      assembly: request.assembly,
      goExperiment: request.goExperiment ?? '',
      goVersion: request.goVersion ?? '',
      targets: request.targets.map(wireTarget),
      ...(request.sweep === null ? {} : { sweep: wireSweep(request.sweep) }),
      requiredTests: [...(graded?.requiredTests ?? [])],
      limits: this.pool.limits,
    };
  }
}

function testingOf({ testing }: Request, comparison: Comparison | null): Pick<StartInput, 'testing'> {
  if (comparison !== null) return { testing: { ...testing, previous: comparison.values } };
  return testing === null ? {} : { testing };
}

/** What who looks on has to know; null where the run itself says all of it. */
function givenOf(
  { sweep, assembly, goExperiment, goVersion }: Request,
  comparison: Comparison | null,
): RunEventBody | null {
  const isPlain = goExperiment === null && goVersion === null;
  if (sweep === null && comparison === null && assembly === '' && isPlain) return null;
  return {
    type: 'given',
    sweep,
    comparedWith: comparison?.with ?? null,
    ...(assembly === '' ? {} : { assembly }),
    ...(goExperiment === null ? {} : { goExperiment }),
    ...(goVersion === null ? {} : { goVersion }),
  };
}

/** A name without a value is one that was not given. */
const envOf = (env: RunEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

type NewRun = {
  caller: Caller;
  workspace: WorkspaceRow;
  request: Request;
  snapshot: RoomSnapshot;
  idempotencyKey: string;
  requestHash: string;
  createdAt: Date;
  processId: string | null;
};

function newRun({
  caller,
  workspace,
  request,
  snapshot,
  idempotencyKey,
  requestHash,
  createdAt,
  processId,
}: NewRun): RunEntity {
  return Object.assign(new RunEntity(), {
    id: newId<RunId>(),
    workspaceId: workspace.id,
    groupId: workspace.groupId,
    cohortId: workspace.cohortId,
    startedBy: caller.accountId,
    idempotencyKey,
    requestHash,
    kind: request.kind,
    signals: request.signals,
    state: 'queued' as const,
    snapshotHash: snapshot.hash,
    limit: null,
    exitCode: null,
    reason: '',
    selfReported: false,
    noisy: false,
    lastSeq: 0,
    tests: null,
    createdAt,
    finishedAt: null,
    processId,
  });
}
