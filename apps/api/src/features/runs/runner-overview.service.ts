import { Inject, Injectable } from '@nestjs/common';
import type { RunnerOverview } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { CONFIG, type Config } from '../../config/index.ts';
import { notFound } from '../../platform/errors/index.ts';
import { MOST_RUNS_A_GROUP, MOST_RUNS_A_PERSON } from './run-caps.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import { buildsByPath, countsOf, finishedRuns, limitedRuns, speculativeBuilds } from './run-metrics.ts';
import { RunnerAgents } from './runner-agents.service.ts';
import { RunnerPool } from './runner-pool.ts';

/** What operators see of the runner. Nothing of it says whose run is whose. */
@Injectable()
export class RunnerOverviewService {
  constructor(
    private readonly pool: RunnerPool,
    private readonly agents: RunnerAgents,
    private readonly dispatcher: RunDispatcher,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws DomainError not_found for everybody but operators and owners */
  async get(caller: Caller): Promise<RunnerOverview> {
    if (!may(caller, 'read', 'Operations', {})) throw notFound('page');
    const state = this.pool.state();
    const [agents, verdicts, builds, limits, early] = await Promise.all([
      this.agents.list(),
      countsOf(finishedRuns, 'verdict'),
      countsOf(buildsByPath, 'path'),
      countsOf(limitedRuns, 'limit'),
      countsOf(speculativeBuilds, 'outcome'),
    ]);
    return {
      trouble: state.ready ? null : state.reason,
      agents,
      pool: this.pool.overview(),
      slots: this.dispatcher.slots,
      runs: this.dispatcher.open().map(({ run, isBatch, activeSince, place }) => ({
        kind: run.kind,
        state: activeSince === null ? 'queued' : 'running',
        isBatch,
        since: new Date(activeSince ?? run.createdAt.getTime()).toISOString(),
        place: activeSince === null ? place : null,
      })),
      limits: {
        runsAPerson: MOST_RUNS_A_PERSON,
        runsAGroup: MOST_RUNS_A_GROUP,
        runMs: this.config.runner.runMs,
      },
      counts: { verdicts, builds, limits, early },
    };
  }
}
