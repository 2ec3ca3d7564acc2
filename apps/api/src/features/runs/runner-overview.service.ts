import { Inject, Injectable } from '@nestjs/common';
import type { Agent, IsolationLevel, RunnerOverview } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { type DescribeResponse, IsolationLevel as WireLevel } from '@lineage/runner-protocol';
import { CONFIG, type Config } from '../../config/index.ts';
import { notFound } from '../../platform/errors/index.ts';
import { log } from '../../platform/logging/index.ts';
import { storable } from './output-text.ts';
import { MOST_RUNS_A_GROUP, MOST_RUNS_A_PERSON } from './run-caps.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import { buildsByPath, countsOf, finishedRuns, limitedRuns, speculativeBuilds } from './run-metrics.ts';
import { RunnerPool } from './runner-pool.ts';

const TEXT_CHARS = 1024;
const MOST_LAYERS = 64;
const levels = new Map<WireLevel, IsolationLevel>([
  [WireLevel.FULL, 'full'],
  [WireLevel.RESTRICTED, 'restricted'],
]);

/** What operators see of the runner. Nothing of it says whose run is whose. */
@Injectable()
export class RunnerOverviewService {
  constructor(
    private readonly pool: RunnerPool,
    private readonly dispatcher: RunDispatcher,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws DomainError not_found for everybody but operators and owners */
  async get(caller: Caller): Promise<RunnerOverview> {
    if (!may(caller, 'read', 'Operations', {})) throw notFound('page');
    const state = this.pool.state();
    const [agents, verdicts, builds, limits, early] = await Promise.all([
      this.#agents(),
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

  async #agents(): Promise<Agent[]> {
    try {
      return (await this.pool.describe()).map(agentView);
    } catch (err) {
      // The page says all else; why no agent answers stands in `trouble`.
      log.warn({ err }, 'agents did not describe themselves');
      return [];
    }
  }
}

function agentView(said: DescribeResponse): Agent {
  return {
    version: storable(said.agentVersion, TEXT_CHARS),
    goVersion: storable(said.goVersion, TEXT_CHARS),
    level: levels.get(said.level) ?? 'refused',
    lacks: storable(said.lacks, TEXT_CHARS),
    buildSlots: said.buildSlots,
    runSlots: said.runSlots,
    layers: said.layers.slice(0, MOST_LAYERS).map(({ name, holds, detail }) => ({
      name: storable(name, TEXT_CHARS),
      holds,
      detail: storable(detail, TEXT_CHARS),
    })),
  };
}
