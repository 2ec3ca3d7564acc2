import {
  MOST_TRACE_MARKS,
  MOST_TRACE_SPANS,
  MOST_TRACE_TILES_A_LANE,
  TRACE_TILE_MS,
  type TraceBody,
  type TraceOverview,
  type TraceView,
  type TraceViewQuery,
} from '@lineage/contracts';
import { Interned } from '../interned.ts';

type Tile = TraceBody['tiles'][number];
type Span = TraceBody['spans'][number];
type Call = TraceBody['calls'][number];
type Goroutine = TraceOverview['goroutines'][number];

const LEVELS = TRACE_TILE_MS.length;
/** The finest level that a goroutine has: they are many. */
const GOROUTINE_LEVEL = 2;
/** Lanes that a viewer can scroll through; the agent follows no more with tiles. */
const MOST_GOROUTINES = 400;

/** Tiles of one lane, by level, in the order of time. */
type Lane = readonly Tile[][];

/**
 * One run's trace, so that any part of it is found without reading all of it. Batches are added in their order; each
 * lane's tiles and spans come in the order of their ends.
 */
export class TraceIndex {
  /** How much is held: spans, tiles, marks and goroutines. */
  size = 0;
  #toMs = 0;
  #events = 0;
  #spansLeftOut = 0;
  readonly #lanes = new Map<string, Lane>();
  readonly #spans: Span[] = [];
  readonly #spansOf = new Map<number, Span[]>();
  readonly #marks: TraceBody['marks'] = [];
  readonly #goroutines = new Map<number, Goroutine>();
  readonly #procs = new Set<number>();
  readonly #reasons = new Interned<string>((reason) => reason);
  readonly #calls = new Interned<Call>(({ function: name, path, line }) =>
    JSON.stringify([name, path, line]),
  );

  add(body: TraceBody): void {
    this.size += body.tiles.length + body.spans.length + body.marks.length + body.goroutines.length;
    this.#toMs = Math.max(this.#toMs, body.toMs);
    this.#events += body.events;
    this.#spansLeftOut += body.spansLeftOut;
    for (const named of body.goroutines)
      this.#goroutines.set(named.id, { ...named, fromMs: Infinity, toMs: 0, runningMs: 0 });
    for (const tile of body.tiles) this.#addTile(tile);
    for (const [goroutine, state, from, to, proc, reason, call] of body.spans) {
      const why = reason < 0 ? -1 : this.#reasons.at(body.reasons[reason] ?? '');
      const where = body.calls[call];
      const at = where === undefined ? -1 : this.#calls.at(where);
      this.#addSpan([goroutine, state, from, to, proc, why, at]);
    }
    this.#marks.push(...body.marks);
  }

  #addTile(tile: Tile): void {
    const [kind, id, level, index, running] = tile;
    if (level >= LEVELS) return;
    const key = `${kind}${id}`;
    const lane = this.#lanes.get(key) ?? Array.from({ length: LEVELS }, (): Tile[] => []);
    this.#lanes.set(key, lane);
    lane[level]?.push(tile);
    if (kind === 'proc') this.#procs.add(id);
    if (kind !== 'goroutine') return;
    const width = TRACE_TILE_MS[level] ?? 1;
    const known = this.#seen(id, index * width, Math.min(this.#toMs, (index + 1) * width));
    if (level === GOROUTINE_LEVEL) known.runningMs += running;
  }

  #addSpan(span: Span): void {
    const [goroutine, , from, to, proc] = span;
    this.#spans.push(span);
    const own = this.#spansOf.get(goroutine) ?? [];
    this.#spansOf.set(goroutine, own);
    own.push(span);
    this.#seen(goroutine, from, to);
    if (proc >= 0) this.#procs.add(proc);
  }

  #seen(id: number, fromMs: number, toMs: number): Goroutine {
    const known = this.#goroutines.get(id) ?? {
      id,
      function: '',
      createdBy: null,
      createdIn: 0,
      fromMs: Infinity,
      toMs: 0,
      runningMs: 0,
    };
    this.#goroutines.set(id, known);
    known.fromMs = Math.min(known.fromMs, fromMs);
    known.toMs = Math.max(known.toMs, toMs);
    return known;
  }

  overview(): TraceOverview {
    const seen = [...this.#goroutines.values()].filter(({ fromMs }) => fromMs < Infinity);
    return {
      toMs: this.#toMs,
      procs: [...this.#procs].toSorted((a, b) => a - b),
      goroutines: seen.slice(0, MOST_GOROUTINES),
      goroutinesLeftOut: this.#goroutines.size - Math.min(seen.length, MOST_GOROUTINES),
      events: this.#events,
      spansLeftOut: this.#spansLeftOut,
    };
  }

  /** What lies in the part that is asked for. */
  view({ fromMs, toMs, level, goroutines }: TraceViewQuery): TraceView {
    const wanted = new Set(goroutines);
    const tiles = [
      ...this.#tilesOf('all0', level, fromMs, toMs),
      ...[...this.#procs].flatMap((id) => this.#tilesOf(`proc${id}`, level, fromMs, toMs)),
      ...[...wanted].flatMap((id) =>
        this.#tilesOf(`goroutine${id}`, Math.max(level, GOROUTINE_LEVEL), fromMs, toMs),
      ),
    ];
    const found = this.#spansIn(fromMs, toMs, wanted);
    const spans = found.length > MOST_TRACE_SPANS ? [] : found;
    const reasons = new Interned<string>((reason) => reason);
    const calls = new Interned<number>(String);
    const marks = this.#marks.filter((mark) => mark.toMs >= fromMs && mark.fromMs <= toMs);
    return {
      tiles,
      spans: spans.map(([goroutine, state, from, to, proc, reason, call]) => [
        goroutine,
        state,
        from,
        to,
        proc,
        reason < 0 ? -1 : reasons.at(this.#reasons.rows[reason] ?? ''),
        call < 0 ? -1 : calls.at(call),
      ]),
      spansCut: found.length > MOST_TRACE_SPANS,
      reasons: reasons.rows,
      calls: calls.rows.flatMap((call) => this.#calls.rows[call] ?? []),
      marks: marks.slice(0, MOST_TRACE_MARKS),
      marksCut: marks.length > MOST_TRACE_MARKS,
    };
  }

  /** A level may end before the trace does; from there on the next coarser one is taken. */
  #tilesOf(key: string, level: number, fromMs: number, toMs: number): Tile[] {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return [];
    const found: Tile[] = [];
    let atMs = fromMs;
    for (let at = level; at < LEVELS; at++) {
      const width = TRACE_TILE_MS[at] ?? 1;
      const own = lane[at] ?? [];
      const isFirst = at === level;
      // Of the level that was asked for also the tile in which the part begins.
      for (let next = firstAt(own, isFirst ? Math.floor(atMs / width) : Math.ceil(atMs / width)); ; next++) {
        const tile = own[next];
        if (tile === undefined || tile[3] * width > toMs || found.length >= MOST_TRACE_TILES_A_LANE) break;
        found.push(tile);
        atMs = (tile[3] + 1) * width;
      }
    }
    return found;
  }

  #spansIn(fromMs: number, toMs: number, goroutines: ReadonlySet<number>): Span[] {
    const found: Span[] = [];
    // In the order of their ends, of all lanes together: the first that ends later than the part begins.
    for (let at = firstEnding(this.#spans, fromMs); at < this.#spans.length; at++) {
      const span = this.#spans[at];
      if (span === undefined) break;
      const [goroutine, , from, , proc] = span;
      if (from <= toMs && (proc >= 0 || goroutines.has(goroutine))) found.push(span);
      if (found.length > MOST_TRACE_SPANS) break;
    }
    return found;
  }
}

/** Place of the first tile of at least this index. */
function firstAt(tiles: readonly Tile[], index: number): number {
  return partition(tiles, (tile) => tile[3] < index);
}

function firstEnding(spans: readonly Span[], ms: number): number {
  return partition(spans, (span) => span[3] < ms);
}

/** How many at the beginning are `before`; all that are stand first. */
function partition<T>(sorted: readonly T[], before: (one: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = sorted[middle];
    if (one !== undefined && before(one)) low = middle + 1;
    else high = middle;
  }
  return low;
}
