/** The names that were seen last, at most so many. */
export class Recent {
  readonly #names = new Set<string>();

  constructor(private readonly most: number) {}

  /** Whether a name was not among them; it is from now on. */
  isNew(name: string): boolean {
    const isNew = !this.#names.delete(name);
    this.#names.add(name);
    for (const oldest of this.#names) {
      if (this.#names.size <= this.most) break;
      this.#names.delete(oldest);
    }
    return isNew;
  }
}
