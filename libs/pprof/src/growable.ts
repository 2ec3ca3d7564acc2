type Numbers = Float64Array | Int32Array | Uint32Array;

/** A column whose length is not known beforehand. `take` gives the numbers pushed so far, without a spare tail. */
export class Growable<T extends Numbers> {
  length = 0;
  #store: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T, capacity = 64) {
    this.#make = make;
    this.#store = make(capacity);
  }

  push(value: number): void {
    if (this.length === this.#store.length) {
      const larger = this.#make(this.#store.length * 2);
      larger.set(this.#store);
      this.#store = larger;
    }
    this.#store[this.length++] = value;
  }

  /** 0 where nothing was pushed. */
  at(index: number): number {
    return this.#store[index] ?? 0;
  }

  /** Adds to a number pushed before. */
  add(index: number, value: number): void {
    this.#store[index] = (this.#store[index] ?? 0) + value;
  }

  take(): T {
    const exact = this.#make(this.length);
    exact.set(this.#store.subarray(0, this.length));
    return exact;
  }
}

export const growFloats = (): Growable<Float64Array> => new Growable((length) => new Float64Array(length));
export const growInts = (): Growable<Int32Array> => new Growable((length) => new Int32Array(length));
export const growIndexes = (): Growable<Uint32Array> => new Growable((length) => new Uint32Array(length));
