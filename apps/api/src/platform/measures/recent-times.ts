import type { RecentTimes as Shown } from '@lineage/contracts';

/** Enough for a 99th percentile that means something. */
const KEPT = 1_000;

/** The newest durations of something, for quantiles that people look at. Metrics have histograms of their own. */
export class RecentTimes {
  readonly #times = new Float64Array(KEPT);
  #count = 0;

  add(ms: number): void {
    this.#times[this.#count % KEPT] = ms;
    this.#count += 1;
  }

  /** `count` is of all there ever were. */
  view(): Shown {
    const sorted = this.#times.slice(0, Math.min(this.#count, KEPT)).sort();
    const at = (share: number): number | null =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
    return { count: this.#count, p50Ms: at(0.5), p99Ms: at(0.99) };
  }
}
