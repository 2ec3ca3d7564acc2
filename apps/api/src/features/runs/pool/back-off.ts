/** Pauses that double up to a longest one. Each is shortened at random, so that many that failed at once do not return at once. */
export class BackOff {
  #next: number;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly random: () => number = Math.random,
  ) {
    this.#next = firstMs;
  }

  /** How long to wait now: between half and all of the current pause, and never less than `atLeastMs`. */
  pauseMs(atLeastMs = 0): number {
    const pause = this.#next * (0.5 + this.random() / 2);
    this.#next = Math.min(this.#next * 2, this.longestMs);
    return Math.max(pause, atLeastMs);
  }

  /** It went well: the next pause is short again. */
  reset(): void {
    this.#next = this.firstMs;
  }
}

/** Resolves after `ms`, or at once when `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
