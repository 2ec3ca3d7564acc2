import type { AccountId, History, HistoryMark } from '@lineage/contracts';

/** The text as it stood after edit `seq` of `epoch`; 0 is the template. */
export type Moment = { readonly epoch: number; readonly seq: number };

/** Edits that follow each other, as a piece of the line: `from` and `to` are positions. */
export type LifePart = {
  readonly from: number;
  readonly to: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly until: number;
  /** Who edited, the busiest first; empty for the beginning of an epoch. */
  readonly by: readonly AccountId[];
};
export type LifeMark = { readonly position: number; readonly at: number; readonly mark: HistoryMark };
export type LifeReset = { readonly position: number; readonly at: number; readonly by: AccountId | null };

/**
 * The life of a workspace as one line of positions, one for each edit and one for each epoch's beginning: a night
 * without an edit takes no room on it.
 */
export type Life = {
  /** The last position; the first is 0. */
  readonly end: number;
  readonly parts: readonly LifePart[];
  readonly marks: readonly LifeMark[];
  /** Where later epochs begin. */
  readonly resets: readonly LifeReset[];
  readonly epochs: readonly { readonly epoch: number; readonly start: number; readonly edits: number }[];
};

export function lifeOf(history: History): Life {
  const epochs: { epoch: number; start: number; edits: number }[] = [];
  let start = 0;
  for (const { epoch, edits } of history.epochs) {
    epochs.push({ epoch, start, edits });
    start += edits + 1;
  }
  const startOf = new Map(epochs.map((one) => [one.epoch, one.start]));
  const parts = history.stretches.map(({ epoch, from, to, at, until, by }) => ({
    from: (startOf.get(epoch) ?? 0) + from,
    to: (startOf.get(epoch) ?? 0) + to,
    at: Date.parse(at),
    until: Date.parse(until),
    by: by.toSorted((a, b) => b.edits - a.edits).map(({ accountId }) => accountId),
  }));
  const resets = history.epochs.slice(1).map(({ epoch, at, by }) => ({
    position: startOf.get(epoch) ?? 0,
    at: Date.parse(at),
    by,
  }));
  const places = { parts, resets };
  const marks = history.marks.map((mark) => {
    const at = Date.parse(mark.at);
    return { mark, at, position: positionAt(places, at) };
  });
  return { end: start - 1, parts, marks, resets, epochs };
}

export function momentAt({ epochs }: Life, position: number): Moment {
  const epoch = epochs.findLast(({ start }) => start <= position);
  return epoch === undefined ? { epoch: 1, seq: 0 } : { epoch: epoch.epoch, seq: position - epoch.start };
}

/** Null when the life has no such moment. */
export function positionOf({ epochs }: Life, { epoch, seq }: Moment): number | null {
  const found = epochs.find((one) => one.epoch === epoch);
  return found === undefined || seq > found.edits ? null : found.start + seq;
}

/** The part that a position is in or after; null before the first. */
export const partAt = ({ parts }: Pick<Life, 'parts'>, position: number): LifePart | null =>
  parts[lastIndex(parts, (part) => part.from <= position)] ?? null;

/** What stood at a time, as near as parts tell it; the exact edit is known when its part was loaded. */
function positionAt({ parts, resets }: Pick<Life, 'parts' | 'resets'>, at: number): number {
  const reset = resets.findLast((one) => one.at <= at)?.position ?? 0;
  const part = parts[lastIndex(parts, (one) => one.at <= at)];
  if (part === undefined || part.to < reset) return reset;
  if (at >= part.until) return part.to;
  const share = (at - part.at) / Math.max(1, part.until - part.at);
  return part.from + Math.floor(share * (part.to - part.from));
}

/** Where somebody would stop who looks for the next change of author, pause, mark or reset. */
export function nextStop(life: Life, position: number, direction: 1 | -1): number {
  const stops = [
    ...life.parts.map(({ to }) => to),
    ...life.resets.map((reset) => reset.position),
    0,
    life.end,
  ];
  const ahead = stops.filter((stop) => (direction === 1 ? stop > position : stop < position));
  if (ahead.length === 0) return position;
  return direction === 1 ? Math.min(...ahead) : Math.max(...ahead);
}

/** Addresses name a moment as `2.153`. */
export const momentName = ({ epoch, seq }: Moment): string => `${epoch}.${seq}`;

export function parseMoment(name: string): Moment | null {
  const [, epoch, seq] = /^(\d{1,9})\.(\d{1,9})$/.exec(name) ?? [];
  return epoch === undefined || seq === undefined ? null : { epoch: Number(epoch), seq: Number(seq) };
}

function lastIndex<Item>(items: readonly Item[], fits: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && fits(item)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
