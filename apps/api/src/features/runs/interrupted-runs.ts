import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { log } from '../../platform/logging/index.ts';
import { RunStore } from './run-store.ts';

const reason = 'The server was restarted while this run was under way. Start it again.';

/** Runs that a stopped server left open are ended at the next start, so that nobody waits for them. */
@Injectable()
export class InterruptedRuns implements OnApplicationBootstrap {
  constructor(private readonly store: RunStore) {}

  async onApplicationBootstrap(): Promise<void> {
    const runs = await this.store.leftUnfinished();
    for (const run of runs) {
      const body = {
        type: 'end' as const, verdict: 'errored' as const, limit: null, exitCode: -1, exitSignal: '', reason, wallMs: 0, cpuMs: 0,
        peakMemoryBytes: 0, stdoutBytes: 0, stderrBytes: 0, selfReported: false, noisy: false,
      };
      const finishedAt = new Date();
      const atMs = finishedAt.getTime() - run.createdAt.getTime();
      await this.store.append(run.id, [{ atMs, body }], { state: 'errored', exitCode: -1, reason, finishedAt });
    }
    if (runs.length > 0) log.warn({ runs: runs.length }, 'ended runs that were under way at the last stop');
  }
}
