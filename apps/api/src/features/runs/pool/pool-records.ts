import type { RunnerPoolOverview } from '@lineage/contracts';
import { RecentTimes } from '../../../platform/measures/index.ts';
import type { FailureWord } from './pod-failure.ts';
import type { PodFacts } from './pod-facts.ts';
import { claimSeconds, podFailures } from './pool-metrics.ts';

/** Failures that an operator sees one by one. */
const MOST_FAILURES = 20;

type Failures = RunnerPoolOverview['failures'];

/** What happened to runner pods of this process, for metrics and for operators. */
export class PoolRecords {
  readonly #claims = new RecentTimes();
  readonly #counts = new Map<FailureWord, number>();
  #newest: Failures['newest'] = [];

  constructor(private readonly pool: string) {}

  claimed(tookMs: number): void {
    claimSeconds.observe({ pool: this.pool }, tookMs / 1000);
    this.#claims.add(tookMs);
  }

  failed(pod: PodFacts, word: FailureWord): void {
    podFailures.inc({ pool: this.pool, reason: word });
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
    const one = { at: new Date().toISOString(), word, runner: pod.name, machine: pod.node };
    this.#newest = [one, ...this.#newest].slice(0, MOST_FAILURES);
  }

  view(): Pick<RunnerPoolOverview, 'failures' | 'claims'> {
    return {
      failures: { counts: Object.fromEntries(this.#counts), newest: [...this.#newest] },
      claims: this.#claims.view(),
    };
  }
}
