import { Injectable } from '@nestjs/common';
import { isolationLevelSchema } from '@lineage/contracts';
import { Gauge, register } from 'prom-client';
import { RunnerAgents } from './runner-agents.service.ts';

const NAME = 'lineage_runner_level';

/** Tells monitors how well programs are isolated. The agent is asked once a scrape: one that is replaced may differ. */
@Injectable()
export class RunnerLevel {
  readonly #gauge: Gauge<'level'>;

  constructor(private readonly agents: RunnerAgents) {
    // The registry is the process's, and may have that of an application that was closed.
    register.removeSingleMetric(NAME);
    this.#gauge = new Gauge({
      name: NAME,
      help: '1 at the level at which the agent isolates programs: full, restricted, refused. 0 at each while none answers.',
      labelNames: ['level'],
      collect: () => this.#show(),
    });
  }

  async #show(): Promise<void> {
    const agents = await this.agents.list();
    for (const level of isolationLevelSchema.options)
      this.#gauge.set({ level }, agents.some((agent) => agent.level === level) ? 1 : 0);
  }
}
