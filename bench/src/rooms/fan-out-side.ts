import { setTimeout as delay } from 'node:timers/promises';
import type { LoadGenerators } from './load/load-generators.ts';
import { Writer } from './load/writer.ts';
import { cpuMs } from '../system/process-cost.ts';
import type { Served } from './served.ts';

/** Until the last edit has arrived everywhere, and timers of its delivery are over. */
const SETTLE_MS = 600;

export type Delivered = {
  /** Of the server, for each edit that arrived at a reader; not finite when none did. */
  readonly cpuUsEach: number;
  readonly agesMs: Float64Array;
  /** Of those that should have arrived. */
  readonly share: number;
  /** Readers whose sockets the server closed. */
  readonly sentOut: number;
};

/** One server with one writer and its readers. */
export class FanOutSide {
  readonly #served: Served;
  readonly #readers: number;
  readonly #load: LoadGenerators;
  readonly #group: string;
  readonly #writer: Writer;

  private constructor(served: Served, readers: number, load: LoadGenerators, group: string, writer: Writer) {
    this.#served = served;
    this.#readers = readers;
    this.#load = load;
    this.#group = group;
    this.#writer = writer;
  }

  static async open(served: Served, readers: number, load: LoadGenerators): Promise<FanOutSide> {
    const [first, ...others] = served.places(readers + 1);
    if (first === undefined) throw new RangeError('nobody writes');
    const group = `${served.name} ${readers}`;
    const writer = await Writer.enter(first);
    await load.enter('read', group, others);
    return new FanOutSide(served, readers, load, group, writer);
  }

  get name(): string {
    return this.#served.name;
  }

  async run(durationMs: number, perSecond: number): Promise<Delivered> {
    await this.#load.take(this.#group);
    const pids = this.#served.pids();
    const before = cpuMs(pids);
    const written = await this.#writer.writeFor(durationMs, perSecond);
    await delay(SETTLE_MS);
    const used = cpuMs(pids) - before;
    const { edits, agesMs, closed } = await this.#load.take(this.#group);
    return {
      cpuUsEach: (used * 1000) / edits,
      agesMs,
      share: edits / (written * this.#readers),
      sentOut: closed,
    };
  }

  async close(): Promise<void> {
    this.#writer.close();
    await this.#load.leave(this.#group);
  }
}
