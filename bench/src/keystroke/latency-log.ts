/** When each frame of one connection was sent, and how long its acknowledgement took. */
export class LatencyLog {
  #sentAt: number[] = [];
  #acknowledged = 0;
  #latencies: number[] = [];

  /** Frames that wait for their acknowledgement. */
  get pending(): number {
    return this.#sentAt.length - this.#acknowledged;
  }

  sent(): void {
    this.#sentAt.push(performance.now());
  }

  /** The first `count` frames are acknowledged, those before included. */
  acknowledgedUpTo(count: number): void {
    const now = performance.now();
    for (; this.#acknowledged < count; this.#acknowledged++) {
      const sentAt = this.#sentAt[this.#acknowledged];
      if (sentAt === undefined) throw new RangeError('an acknowledgement of a frame that was not sent');
      this.#latencies.push(now - sentAt);
    }
  }

  acknowledgedNext(): void {
    this.acknowledgedUpTo(this.#acknowledged + 1);
  }

  /** Takes what was measured since the last call. */
  take(): number[] {
    const taken = this.#latencies;
    this.#latencies = [];
    return taken;
  }
}
