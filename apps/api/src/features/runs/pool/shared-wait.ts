type OnPlace = (place: number) => void;

/** One wait in a queue that several share: all see its place, and it is given up when the last of them goes away. */
export class SharedWait<T> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  readonly #places = new Set<OnPlace>();
  #place = 0;
  #waiting = 0;

  constructor(begin: (signal: AbortSignal, onPlace: OnPlace) => Promise<T>) {
    this.#result = begin(this.#abort.signal, (place) => {
      this.#place = place;
      for (const tell of this.#places) tell(place);
    });
    // Each who waits is told; when nobody does any more, nobody is.
    this.#result.catch(() => undefined);
  }

  /** Nobody waits any more, so whoever comes now needs another one. */
  get isGivenUp(): boolean {
    return this.#abort.signal.aborted;
  }

  giveUp(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** @throws the signal's reason, or what the wait ended with */
  async wait(signal: AbortSignal, onPlace: OnPlace): Promise<T> {
    signal.throwIfAborted();
    this.#waiting += 1;
    this.#places.add(onPlace);
    if (this.#place > 0) onPlace(this.#place);
    let leave: (() => void) | null = null;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
      signal.addEventListener('abort', leave);
    });
    try {
      return await Promise.race([this.#result, left]);
    } finally {
      if (leave !== null) signal.removeEventListener('abort', leave);
      this.#places.delete(onPlace);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#abort.abort(new Error('nobody waits any more'));
    }
  }
}
