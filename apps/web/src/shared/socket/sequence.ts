/** One event of a stream with an order. */
export type Sequenced = { readonly seq: number };

/** What is known of a stream: its events in order, each once. */
export type Sequence<E extends Sequenced> = {
  readonly events: readonly E[];
  readonly last: number;
  /** True when an event came too early: what lies between must be asked for again. */
  readonly gap: boolean;
};

export const emptySequence = { events: [], last: 0, gap: false } as const;

/** Adds what came. Repeats are dropped; after a gap nothing more is taken until the stream is asked for again. */
export function append<E extends Sequenced>(sequence: Sequence<E>, came: readonly E[]): Sequence<E> {
  const fresh: E[] = [];
  let { last } = sequence;
  let gap = false;
  for (const event of came) {
    if (event.seq <= last) continue;
    if (event.seq !== last + 1) {
      gap = true;
      break;
    }
    fresh.push(event);
    last = event.seq;
  }
  if (fresh.length === 0) return gap === sequence.gap ? sequence : { ...sequence, gap };
  return { events: [...sequence.events, ...fresh], last, gap };
}
