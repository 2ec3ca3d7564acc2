import type { HeardEvent } from './run-events.ts';
import { append, emptySequence, type Sequence } from './sequence.ts';

/** Runs that are kept; a workspace has fewer at once, and the server tells of no more than eight unasked. */
const MOST_RUNS = 4;
/** Events of one of them: more than a page that is about to show it lets come together. */
const MOST_EVENTS = 2_000;

/**
 * Runs that the server tells of because they began in a workspace that is watched, until a page shows them: their first
 * events are here before anybody knows that there is such a run, and need not be asked for.
 */
export class BegunRuns {
  readonly #runs = new Map<string, Sequence<HeardEvent>>();

  /** What came of a run that no page shows. */
  hear(runId: string, events: readonly HeardEvent[]): void {
    const known = this.#runs.get(runId);
    if (known === undefined && events[0]?.seq !== 1) return;
    const next = append(known ?? emptySequence, events);
    if (next.gap || next.events.length > MOST_EVENTS) return void this.#runs.delete(runId);
    const [oldest] = this.#runs.keys();
    if (oldest !== undefined && known === undefined && this.#runs.size >= MOST_RUNS)
      this.#runs.delete(oldest);
    this.#runs.set(runId, next);
  }

  /** All of a run until now, for whoever shows it from here on; null when it has to be asked for. */
  take(runId: string): Sequence<HeardEvent> | null {
    const known = this.#runs.get(runId) ?? null;
    this.#runs.delete(runId);
    return known;
  }

  /** The connection is lost, and with it what happens meanwhile. */
  forget(): void {
    this.#runs.clear();
  }
}
