import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { log } from '../../platform/logging/index.ts';
import { endOf } from './run-end.ts';
import { RunStore } from './run-store.ts';

const REASON = 'The server was restarted while this run was under way. Start it again.';

/** Runs that a stopped server left open are ended at the next start, so that nobody waits for them. */
@Injectable()
export class InterruptedRuns implements OnApplicationBootstrap {
  constructor(private readonly store: RunStore) {}

  async onApplicationBootstrap(): Promise<void> {
    const runs = await this.store.leftUnfinished();
    for (const run of runs) {
      const { event, change } = endOf('errored', REASON, run.createdAt);
      await this.store.append(run.id, [event], change);
    }
    if (runs.length > 0) log.warn({ runs: runs.length }, 'ended runs that were under way at the last stop');
  }
}
