/** Kept of one run's output for good: the beginning, and the end for what the program said last. */
export const OUTPUT_HEAD_BYTES = 1024 * 1024;
export const OUTPUT_TAIL_BYTES = 256 * 1024;

/** One piece of output as the agent gave it. */
export type OutputPiece = {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
  readonly droppedBefore: number;
};

/**
 * Lets the first mebibyte through and then keeps only the newest 256 KiB until the end. The number of bytes left out
 * goes with the first piece of their stream after the gap, so that nobody takes a shortened output for a whole one.
 */
export class OutputBudget {
  #headLeft = OUTPUT_HEAD_BYTES;
  #tail: OutputPiece[] = [];
  #tailBytes = 0;
  readonly #dropped = { stdout: 0, stderr: 0 };

  /** What may be stored now; null when the piece waits in the tail. */
  admit(piece: OutputPiece): OutputPiece | null {
    if (this.#headLeft > 0 && this.#tail.length === 0) {
      const data = piece.data.subarray(0, this.#headLeft);
      this.#headLeft -= data.length;
      const rest = piece.data.subarray(data.length);
      if (rest.length > 0) this.#keep({ ...piece, data: rest, droppedBefore: 0 });
      return { ...piece, data };
    }
    this.#keep(piece);
    return null;
  }

  /** The kept end, once, when the run is over. */
  finish(): OutputPiece[] {
    const told = new Set<string>();
    const pieces = this.#tail.map((piece) => {
      const before = told.has(piece.stream) ? 0 : this.#dropped[piece.stream];
      told.add(piece.stream);
      return { ...piece, droppedBefore: piece.droppedBefore + before };
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      if (!told.has(stream) && this.#dropped[stream] > 0) {
        pieces.push({ stream, data: new Uint8Array(0), droppedBefore: this.#dropped[stream] });
      }
    }
    this.#tail = [];
    this.#tailBytes = 0;
    return pieces;
  }

  #keep(piece: OutputPiece): void {
    this.#tail.push({ ...piece, data: piece.data.slice() });
    this.#tailBytes += piece.data.length;
    while (this.#tailBytes > OUTPUT_TAIL_BYTES) {
      const oldest = this.#tail.shift();
      if (oldest === undefined) return;
      const over = Math.min(oldest.data.length, this.#tailBytes - OUTPUT_TAIL_BYTES);
      this.#tailBytes -= over;
      this.#dropped[oldest.stream] += over + oldest.droppedBefore;
      if (over < oldest.data.length)
        this.#tail.unshift({ ...oldest, data: oldest.data.subarray(over), droppedBefore: 0 });
    }
  }
}
