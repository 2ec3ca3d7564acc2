import type { Row } from '../report/report.ts';
import { summarize } from '../report/statistics.ts';
import type { Seen } from '../system/live-runs.ts';

/** Where the time of our runs went: the answer to the command, and each stage as the run itself reports it. */
export class Breakdown {
  readonly #parts = new Map<string, number[]>();

  add(answerMs: number, seen: readonly Seen[]): void {
    this.#note('of it: the command answered', answerMs);
    for (const { event } of seen) {
      const { body } = event;
      if (body.type === 'stage' && body.finished && body.durationMs !== null)
        this.#note(`of it: stage ${body.stage}`, body.durationMs);
    }
  }

  rows(): Row[] {
    return [...this.#parts].map(([measure, samples]) => ({
      measure,
      unit: 'ms',
      ours: summarize(samples),
      peers: {},
    }));
  }

  #note(part: string, ms: number): void {
    const samples = this.#parts.get(part);
    if (samples === undefined) this.#parts.set(part, [ms]);
    else samples.push(ms);
  }
}
