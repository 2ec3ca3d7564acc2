import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { log } from '../../platform/logging/index.ts';
import { ApiProcesses } from '../processes/index.ts';
import { endOf } from './run-end.ts';
import { RunStore } from './run-store.ts';

const REASON = 'The server was restarted while this run was under way. Start it again.';
/** Who waits for a run of a process that died is told after the process is called dead and as long again at most. */
const LOOK_EVERY_MS = 2_000;

/**
 * Runs that a stopped server left open are ended, so that nobody waits for them: at the next start, or by the other
 * processes where there are some. Whichever ends a run first does; the others change nothing.
 */
@Injectable()
export class InterruptedRuns implements OnApplicationBootstrap {
  #lookedAt = 0;
  #isLooking = false;

  constructor(
    private readonly store: RunStore,
    private readonly processes: ApiProcesses,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.processes.self === null) return this.#end(true);
    this.processes.onBeat(async () => {
      if (this.#isLooking || performance.now() - this.#lookedAt < LOOK_EVERY_MS) return;
      this.#isLooking = true;
      this.#lookedAt = performance.now();
      try {
        await this.#end(false);
      } finally {
        this.#isLooking = false;
      }
    });
  }

  async #end(alone: boolean): Promise<void> {
    const runs = await this.store.leftUnfinished(alone);
    for (const run of runs) {
      const { event, change } = endOf('errored', REASON, run.createdAt);
      await this.store.append(run.id, [event], change);
    }
    if (runs.length > 0) log.warn({ runs: runs.length }, 'ended runs that no process has any more');
  }
}
