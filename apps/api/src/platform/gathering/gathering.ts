/** Asks for all of these at once. What the answer does not have does not exist. */
export type AskMany<K, V> = (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;

type Asked<V> = {
  readonly answer: Promise<V | null>;
  settle(answer: Promise<ReadonlyMap<unknown, V>>): void;
};

/**
 * Asks one question at a time, each for everything that was asked for while the one before was under way: a class that
 * comes in at once costs a few statements, and who comes alone waits for nobody. Every answer is of a moment after it was
 * asked for; nothing is kept.
 */
export class Gathering<K, V> {
  readonly #askMany: AskMany<K, V>;
  readonly #most: number;
  #waiting = new Map<K, Asked<V>>();
  #isAsking = false;

  /** `most`: keys of one question. */
  constructor(askMany: AskMany<K, V>, most: number) {
    this.#askMany = askMany;
    this.#most = most;
  }

  /** Null when there is no such thing. @throws what the question threw */
  get(key: K): Promise<V | null> {
    const waiting = this.#waiting.get(key) ?? asked<V>(key);
    this.#waiting.set(key, waiting);
    if (!this.#isAsking) void this.#askAll();
    return waiting.answer;
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    // What is asked for in this turn goes with the first question.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, this.#most);
      for (const [key] of batch) this.#waiting.delete(key);
      const answer = this.#askMany(batch.map(([key]) => key));
      for (const [, one] of batch) one.settle(answer);
      await answer.catch(() => undefined);
    }
    this.#isAsking = false;
  }
}

function asked<V>(key: unknown): Asked<V> {
  const { promise, resolve } = Promise.withResolvers<V | null>();
  return {
    answer: promise,
    settle: (answer) => resolve(answer.then((found) => found.get(key) ?? null)),
  };
}
