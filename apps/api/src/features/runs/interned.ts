/** Rows without repetition, named by their place. */
export class Interned<T> {
  readonly rows: T[] = [];
  readonly #places = new Map<string, number>();

  constructor(private readonly keyOf: (row: T) => string) {}

  at(row: T): number {
    const key = this.keyOf(row);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.rows.length);
    return this.rows.push(row) - 1;
  }
}
