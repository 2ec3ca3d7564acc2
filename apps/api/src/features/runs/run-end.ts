import type { RunEventBody, Verdict } from '@lineage/contracts';
import type { NewEvent, RunChange } from './run-store.ts';

type EndBody = Extract<RunEventBody, { type: 'end' }>;

/** An end that the server itself gives, because no agent did. `since` is when the run was asked for. */
export function endOf(verdict: Verdict, reason: string, since: Date): { event: NewEvent; change: RunChange } {
  const finishedAt = new Date();
  const body: EndBody = {
    type: 'end',
    verdict,
    limit: null,
    exitCode: -1,
    exitSignal: '',
    reason,
    wallMs: 0,
    cpuMs: 0,
    peakMemoryBytes: 0,
    stdoutBytes: 0,
    stderrBytes: 0,
    selfReported: false,
    noisy: false,
  };
  const atMs = Math.max(0, finishedAt.getTime() - since.getTime());
  return { event: { atMs, body }, change: { state: verdict, exitCode: -1, reason, finishedAt } };
}
