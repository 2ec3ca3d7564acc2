type Sequenced = { readonly seq: number };

export type FeedEnds<E> = {
  /** A page of what was committed after `seq`, in order; empty at the end. */
  readonly page: (seq: number) => Promise<readonly E[]>;
  /** Such a page, to this subscriber alone. */
  readonly send: (events: readonly E[]) => void;
  readonly failed: (err: unknown) => void;
};

/**
 * One subscriber's view of a stream with sequence numbers: what was missed, then what happens, each event once and in
 * order. Events are announced after they are committed, so whatever does not follow on is read from the log.
 */
export class EventFeed<E extends Sequenced> {
  #reading = false;
  #stale = false;
  #stopped = false;

  /** Of what comes after event `last`; nothing is taken to be missed until `look`. */
  constructor(
    private last: number,
    private readonly ends: FeedEnds<E>,
  ) {}

  /** Begins again after `seq` when that is earlier than what was sent. */
  rewind(seq: number): void {
    this.last = Math.min(this.last, seq);
    this.#stale = true;
    void this.#read();
  }

  /** Something may have been committed that nobody announced here. */
  look(): void {
    this.#stale = true;
    void this.#read();
  }

  /**
   * Something was committed.
   * @returns true when exactly these are what comes next: whoever announces them sends them, to all such subscribers at
   * once, because writing a message down costs more than sending it
   */
  follows(events: readonly E[]): boolean {
    const fresh = events.filter((event) => event.seq > this.last);
    if (this.#stopped || fresh.length === 0) return false;
    if (!this.#reading && fresh.length === events.length && fresh[0]?.seq === this.last + 1) {
      this.last = fresh.at(-1)?.seq ?? this.last;
      return true;
    }
    this.#stale = true;
    void this.#read();
    return false;
  }

  stop(): void {
    this.#stopped = true;
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#stale && !this.#stopped) {
        this.#stale = false;
        const from = this.last;
        const page = await this.ends.page(from);
        // Rewound while reading: this page is of another place.
        if (this.#stopped || this.last !== from) continue;
        if (page.length > 0) {
          this.last = page.at(-1)?.seq ?? this.last;
          this.ends.send(page);
          this.#stale = true;
        }
      }
    } catch (err) {
      this.#stopped = true;
      this.ends.failed(err);
    } finally {
      this.#reading = false;
    }
  }
}
