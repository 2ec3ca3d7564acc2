import { Injectable } from '@nestjs/common';
import {
  type ClassBatch,
  type ClassSessionId,
  type RanForAll,
  type runForAllSchema,
  startRunSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { z } from 'zod';
import { DomainError } from '../../platform/errors/index.ts';
import { RunStore, StartRun, SteerRun } from '../runs/index.ts';
import { WorkspaceDirectory, type WorkspaceRow } from '../workspaces/index.ts';
import { ClassAccess } from './class-access.service.ts';
import { ClassGroups, skipped } from './class-groups.service.ts';

type Request = z.output<typeof runForAllSchema>;

/** Runs what every group of a class has, for whoever leads it. */
@Injectable()
export class ClassRuns {
  constructor(
    private readonly access: ClassAccess,
    private readonly groups: ClassGroups,
    private readonly workspaces: WorkspaceDirectory,
    private readonly starter: StartRun,
    private readonly steering: SteerRun,
    private readonly runs: RunStore,
  ) {}

  /** @throws DomainError not_found, forbidden, conflict, runner_unavailable, idempotency_mismatch */
  async runForAll(
    caller: Caller,
    id: ClassSessionId,
    { kind }: Request,
    key: string,
    receivedAt: Date,
  ): Promise<RanForAll> {
    const { cohortId } = await this.access.requireLead(caller, id);
    const before = await this.#open(id, await this.workspaces.listForCohort(cohortId));
    if (before.some(({ idempotencyKey }) => !idempotencyKey.startsWith(`${batchKey(id)}${key}.`)))
      throw new DomainError(
        'conflict',
        'An earlier run for all groups has not ended. Wait for it, or cancel it first.',
      );
    const request = startRunSchema.parse({ kind });
    const answer: RanForAll = { started: 0, skipped: [] };
    // One after the other: snapshots of thirty rooms at once would hold up those who type in them.
    for (const { group, workspace } of await this.groups.now(id, cohortId)) {
      if (workspace === null) {
        answer.skipped.push(skipped(group));
        continue;
      }
      try {
        const runKey = `${batchKey(id)}${key}.${group.id}`;
        await this.starter.start(caller, workspace.id, request, runKey, receivedAt, true);
        answer.started += 1;
      } catch (err) {
        if (!(err instanceof DomainError) || isOfAll(err)) throw err;
        answer.skipped.push(skipped(group, err.message));
      }
    }
    return answer;
  }

  /** @throws DomainError not_found, forbidden */
  async batch(caller: Caller, id: ClassSessionId): Promise<ClassBatch> {
    return { open: (await this.#openFor(caller, id)).length };
  }

  /** Stops what of the batch has not ended, begun or not. @throws DomainError not_found, forbidden */
  async cancelBatch(caller: Caller, id: ClassSessionId): Promise<ClassBatch> {
    const open = await this.#openFor(caller, id);
    await Promise.all(open.map((run) => this.steering.cancel(caller, run.id)));
    return this.batch(caller, id);
  }

  async #openFor(caller: Caller, id: ClassSessionId): ReturnType<RunStore['openWithKey']> {
    const { cohortId } = await this.access.requireLead(caller, id);
    return this.#open(id, await this.workspaces.listForCohort(cohortId));
  }

  /** In the database, because another server may have started them. */
  #open(id: ClassSessionId, workspaces: readonly WorkspaceRow[]): ReturnType<RunStore['openWithKey']> {
    return this.runs.openWithKey(
      workspaces.map((row) => row.id),
      batchKey(id),
      new Date(Date.now() - LONGEST_MS),
    );
  }
}

/** What is true of every group: no runner, or a key that was used to run something else. */
const isOfAll = ({ code }: DomainError): boolean =>
  code === 'runner_unavailable' || code === 'idempotency_mismatch';
/** Longer than any batch waits and runs. */
const LONGEST_MS = 6 * 3600 * 1000;
/** By its key a run is known to be of a class's batch. */
const batchKey = (id: ClassSessionId): string => `class.${id}.`;
