import { Injectable } from '@nestjs/common';
import type { RunId, TraceOverview, TraceView, TraceViewQuery } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { RunAccess } from '../run-access.service.ts';
import { RunStore } from '../run-store.ts';
import { TraceIndex } from './trace-index.ts';

/** Spans, tiles and marks of all traces that are held together; one has at most 250,000, of some 100 bytes. */
const MOST_HELD = 600_000;

type Held = { readonly index: TraceIndex; seq: number; reading: Promise<void> };

/** Traces of runs that somebody looks at, held so that a part of one is found at once. Who looked last stays longest. */
@Injectable()
export class RunTraces {
  readonly #held = new Map<RunId, Held>();

  constructor(
    private readonly access: RunAccess,
    private readonly store: RunStore,
  ) {}

  /** @throws DomainError not_found */
  async overview(caller: Caller, id: RunId): Promise<TraceOverview> {
    return (await this.#index(caller, id)).overview();
  }

  /** @throws DomainError not_found */
  async view(caller: Caller, id: RunId, query: TraceViewQuery): Promise<TraceView> {
    return (await this.#index(caller, id)).view(query);
  }

  async #index(caller: Caller, id: RunId): Promise<TraceIndex> {
    const { lastSeq } = await this.access.row(caller, id);
    const held = this.#held.get(id) ?? { index: new TraceIndex(), seq: 0, reading: Promise.resolve() };
    this.#held.delete(id);
    this.#held.set(id, held);
    // One after the other: two readers would add a batch twice.
    held.reading = held.reading.catch(() => undefined).then(() => this.#read(id, held, lastSeq));
    await held.reading;
    this.#drop(held);
    return held.index;
  }

  async #read(id: RunId, held: Held, lastSeq: number): Promise<void> {
    while (held.seq < lastSeq) {
      const page = await this.store.tracesAfter(id, held.seq, lastSeq);
      for (const { body } of page) if (body.type === 'trace') held.index.add(body);
      held.seq = page.at(-1)?.seq ?? lastSeq;
    }
  }

  #drop(keep: Held): void {
    let size = 0;
    for (const { index } of this.#held.values()) size += index.size;
    for (const [id, held] of this.#held) {
      if (size <= MOST_HELD) return;
      if (held === keep) continue;
      size -= held.index.size;
      this.#held.delete(id);
    }
  }
}
