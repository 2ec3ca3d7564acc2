/** How much the latest run counts against all before: a class changes what it does within some runs. */
const WEIGHT = 0.2;

/** How long runs hold a slot, to say how long one will wait for its turn. */
export class RunPace {
  #meanMs: number | null = null;

  ended(heldMs: number): void {
    this.#meanMs = this.#meanMs === null ? heldMs : this.#meanMs + WEIGHT * (heldMs - this.#meanMs);
  }

  /** For the `place`th that waits (1 is next) behind `slots` busy slots; null while nothing is known. */
  waitMs(place: number, slots: number): number | null {
    if (this.#meanMs === null) return null;
    // The next slot comes free after the slots-th part of a run, on average.
    return Math.round((this.#meanMs * place) / Math.max(1, slots));
  }
}
