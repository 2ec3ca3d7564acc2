/** Numbers a connection's content frames from 1 and tells up to which all of them are durable. */
export class Acknowledgements {
  #lastFrame = 0;
  #upTo = 0;
  #open: { n: number; whole: boolean; state: 'pending' | 'durable' | 'refused' }[] = [];
  readonly #waiting = new Set<{ n: number; resolve: () => void }>();

  get lastFrame(): number {
    return this.#lastFrame;
  }

  /** Every frame up to this one is durable. */
  get upTo(): number {
    return this.#upTo;
  }

  get pending(): number {
    return this.#open.length;
  }

  /** A content frame arrived. `whole`: it holds everything the client has, so earlier refusals no longer matter. */
  arrive(whole: boolean): number {
    this.#lastFrame += 1;
    this.#open.push({ n: this.#lastFrame, whole, state: 'pending' });
    return this.#lastFrame;
  }

  /** Settles frame `n`; true when the acknowledged number rose. */
  settle(n: number, state: 'durable' | 'refused'): boolean {
    // Nearly always the oldest one.
    const frame = this.#open[0]?.n === n ? this.#open[0] : this.#open.find((one) => one.n === n);
    if (frame === undefined) return false;
    frame.state = state;
    if (state === 'durable' && frame.whole) {
      this.#open = this.#open.filter((other) => other.n > n || other.state !== 'refused');
    }
    return this.#advance();
  }

  /** Resolves when frame `n` is durable, or with false after `timeoutMs`. */
  waitFor(n: number, timeoutMs: number): Promise<boolean> {
    if (n <= this.#upTo) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        resolve(false);
      }, timeoutMs);
      const waiter = {
        n,
        resolve: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      this.#waiting.add(waiter);
    });
  }

  #advance(): boolean {
    const before = this.#upTo;
    while (this.#open[0]?.state === 'durable') this.#open.shift();
    const firstOpen = this.#open[0];
    this.#upTo = firstOpen === undefined ? this.#lastFrame : firstOpen.n - 1;
    for (const waiter of this.#waiting) {
      if (waiter.n > this.#upTo) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
    return this.#upTo > before;
  }
}
