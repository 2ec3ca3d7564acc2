import { TRACE_TILE_MS, type TraceOverview, type TraceState, type TraceView } from '@lineage/contracts';
import type { Reach } from './reach.ts';

/** How the trace is laid out. */
export type LaneMode = 'goroutines' | 'processors';

/** A row of the drawing. `all` is the sum of all goroutines. */
export type Lane =
  | { readonly kind: 'all'; readonly key: 'all0' }
  | { readonly kind: 'proc'; readonly key: string; readonly id: number }
  | {
      readonly kind: 'goroutine';
      readonly key: string;
      readonly id: number;
      readonly goroutine: TraceOverview['goroutines'][number];
    };

export type Call = TraceView['calls'][number];

/** One goroutine in one state. */
export type Span = {
  readonly goroutine: number;
  readonly state: TraceState;
  readonly fromMs: number;
  readonly toMs: number;
  readonly proc: number;
  readonly reason: string;
  readonly call: Call | null;
};

/** A lane over an interval, summed up: milliseconds in each state. */
export type Tile = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly running: number;
  readonly runnable: number;
  readonly waiting: number;
  readonly syscall: number;
  readonly changes: number;
};

export type LaneContent = { readonly tiles: readonly Tile[]; readonly spans: readonly Span[] };
const empty: LaneContent = { tiles: [], spans: [] };

export function lanesOf(overview: TraceOverview, mode: LaneMode): Lane[] {
  const all: Lane = { kind: 'all', key: 'all0' };
  if (mode === 'processors')
    return [all, ...overview.procs.map((id) => ({ kind: 'proc', key: `proc${id}`, id }) as const)];
  // Those of the runtime and of what measures the program come after the program's own.
  const own = overview.goroutines.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
  return [
    all,
    ...own.map(
      (goroutine) =>
        ({ kind: 'goroutine', key: `goroutine${goroutine.id}`, id: goroutine.id, goroutine }) as const,
    ),
  ];
}

/** The main goroutine has the first number. */
const MAIN = 1;

/** Whether the program's own code runs in it or started it. */
export const isOwn = ({ id, function: name, createdBy }: TraceOverview['goroutines'][number]): boolean =>
  id === MAIN || createdBy?.inWorkspace === true || name.startsWith('main.');

/**
 * What a goroutine is known by: the program's own function, else the line that started it. Those that the trace found
 * running have no name, and the main one of them has.
 */
export function nameOfGoroutine(one: TraceOverview['goroutines'][number] | undefined): string {
  if (one === undefined) return '';
  if (one.id === MAIN) return 'main';
  const { function: name, createdBy } = one;
  if (name.startsWith('main.') || createdBy?.inWorkspace !== true) return name;
  return `${createdBy.path}:${createdBy.line}`;
}

/** What of an answer is in which lane. */
export class TraceContent {
  readonly #lanes = new Map<string, { tiles: Tile[]; spans: Span[] }>();

  constructor(view: TraceView | undefined) {
    for (const [lane, id, level, index, running, runnable, waiting, syscall, changes] of view?.tiles ?? []) {
      const width = TRACE_TILE_MS[level] ?? 1;
      const [fromMs, toMs] = [index * width, (index + 1) * width];
      this.#at(`${lane}${id}`).tiles.push({ fromMs, toMs, running, runnable, waiting, syscall, changes });
    }
    for (const [goroutine, state, fromMs, toMs, proc, reason, call] of view?.spans ?? []) {
      const span: Span = {
        goroutine,
        state,
        fromMs,
        toMs,
        proc,
        reason: view?.reasons[reason] ?? '',
        call: view?.calls[call] ?? null,
      };
      this.#at(`goroutine${goroutine}`).spans.push(span);
      if (proc >= 0 && state === 'running') this.#at(`proc${proc}`).spans.push(span);
    }
  }

  of({ key }: Lane): LaneContent {
    return this.#lanes.get(key) ?? empty;
  }

  #at(key: string): { tiles: Tile[]; spans: Span[] } {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const made = { tiles: [], spans: [] };
    this.#lanes.set(key, made);
    return made;
  }
}

/** The span in which a moment lies; the shortest where they touch. */
export function spanAt(spans: readonly Span[], atMs: number, slackMs = 0): Span | null {
  const around = spans.filter(({ fromMs, toMs }) => fromMs - slackMs <= atMs && atMs <= toMs + slackMs);
  return around.toSorted((a, b) => a.toMs - a.fromMs - (b.toMs - b.fromMs))[0] ?? null;
}

export const tileAt = (tiles: readonly Tile[], atMs: number): Tile | null =>
  tiles.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs) ?? null;

/** The next span of a lane after a moment, or the one before it; null at the end. */
export function neighbour(spans: readonly Span[], atMs: number, step: 1 | -1): Span | null {
  const sorted = spans.toSorted((a, b) => a.fromMs - b.fromMs);
  return step === 1
    ? (sorted.find(({ fromMs }) => fromMs > atMs) ?? null)
    : (sorted.findLast(({ toMs }) => toMs < atMs) ?? null);
}

/** What a lane does where no tile tells of anything; null for a goroutine that is not alive then. */
export function restOf(lane: Lane, atMs: number): 'idle' | 'waiting' | null {
  if (lane.kind !== 'goroutine') return 'idle';
  const { fromMs, toMs } = lane.goroutine;
  return fromMs <= atMs && atMs <= toMs ? 'waiting' : null;
}

/** Milliseconds of each state in a part, from spans where they tell it all and else from tiles. */
export type Times = Readonly<Record<'running' | 'runnable' | 'waiting' | 'syscall', number>>;

export function timesIn({ tiles, spans }: LaneContent, reach: Reach): Times {
  const times = { running: 0, runnable: 0, waiting: 0, syscall: 0 };
  for (const tile of tiles) {
    const part = overlap(tile, reach) / (tile.toMs - tile.fromMs);
    for (const state of ['running', 'runnable', 'waiting', 'syscall'] as const)
      times[state] += tile[state] * part;
  }
  if (tiles.length > 0) return times;
  for (const span of spans) if (span.state !== 'idle') times[span.state] += overlap(span, reach);
  return times;
}

const overlap = (one: Reach, other: Reach): number =>
  Math.max(0, Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs));
