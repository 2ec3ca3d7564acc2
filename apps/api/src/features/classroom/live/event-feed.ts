type Sequenced = { readonly seq: number };

export type FeedEnds<E> = {
  /** A page of what was committed after `seq`, in order; empty at the end. */
  readonly page: (seq: number) => Promise<readonly E[]>;
  readonly send: (events: readonly E[]) => void;
  readonly failed: (err: unknown) => void;
};

/**
 * One subscriber's view of a stream with sequence numbers: what was missed, then what happens, each event once and in
 * order. Events are announced after they are committed, so whatever does not follow on is read from the log.
 */
export class EventFeed<E extends Sequenced> {
  #reading = false;
  #stale = true;
  #stopped = false;

  constructor(
    private last: number,
    private readonly ends: FeedEnds<E>,
  ) {
    void this.#read();
  }

  /** Begins again after `seq` when that is earlier than what was sent. */
  rewind(seq: number): void {
    this.last = Math.min(this.last, seq);
    this.#stale = true;
    void this.#read();
  }

  /** Something was committed. */
  push(events: readonly E[]): void {
    const fresh = events.filter((event) => event.seq > this.last);
    if (this.#stopped || fresh.length === 0) return;
    if (!this.#reading && fresh[0]?.seq === this.last + 1) return this.#send(fresh);
    this.#stale = true;
    void this.#read();
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
          this.#send(page);
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

  #send(events: readonly E[]): void {
    this.last = events.at(-1)?.seq ?? this.last;
    this.ends.send(events);
  }
}
