import { Injectable } from '@nestjs/common';
import type { Agent, IsolationLevel } from '@lineage/contracts';
import { type DescribeResponse, IsolationLevel as WireLevel } from '@lineage/runner-protocol';
import { log } from '../../platform/logging/index.ts';
import { storable } from './output-text.ts';
import { RunnerPool } from './runner-pool.ts';

const TEXT_CHARS = 1024;
const MOST_LAYERS = 64;
const levels = new Map<WireLevel, IsolationLevel>([
  [WireLevel.FULL, 'full'],
  [WireLevel.RESTRICTED, 'restricted'],
]);

/** What agents say of themselves, for operators and monitors. */
@Injectable()
export class RunnerAgents {
  constructor(private readonly pool: RunnerPool) {}

  /** None while no agent answers; why not is what the pool's state says. */
  async list(): Promise<Agent[]> {
    try {
      return (await this.pool.describe()).map(agentView);
    } catch (err) {
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
