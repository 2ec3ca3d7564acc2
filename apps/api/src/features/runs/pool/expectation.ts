import { log } from '../../../platform/logging/index.ts';

/** The timetable changes seldom and a pool looks often. */
const KEEP_MS = 15_000;
/** A timetable that could not be read is asked for again soon: a class may be about to begin. */
const RETRY_MS = 1_000;

/** How many groups are about to work. Asked for often, looked up seldom; the last answer holds while there is no other. */
export class Expectation {
  #groups = 0;
  #askedAt = -Infinity;

  constructor(
    private readonly ask: () => Promise<number>,
    private readonly now: () => number = Date.now,
  ) {}

  async groups(): Promise<number> {
    if (this.now() - this.#askedAt < KEEP_MS) return this.#groups;
    this.#askedAt = this.now();
    try {
      this.#groups = await this.ask();
    } catch (error) {
      this.#askedAt = this.now() - KEEP_MS + RETRY_MS;
      log.warn({ err: error }, 'timetable not read; the runner pool keeps its size');
    }
    return this.#groups;
  }
}
