/** Why somebody waits may change while the place does not. */
const LOOK_EVERY_MS = 500;

export type Waiting = { readonly place: number; readonly why: string };

/** The place of who waits and why, each time one of them is different, until the wait is over. */
export class Places {
  #place = 0;
  #over = false;
  #wake: () => void = () => undefined;

  constructor(private readonly why: () => string) {}

  add(place: number): void {
    this.#place = place;
    this.#wake();
  }

  end(): void {
    this.#over = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Waiting> {
    let told = { place: 0, why: '' };
    while (!this.#over) {
      const now = { place: this.#place, why: this.why() };
      if (now.place > 0 && (now.place !== told.place || now.why !== told.why)) yield (told = now);
      else await this.#changed();
    }
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
