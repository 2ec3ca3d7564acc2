import { TRACE_TILE_MS } from '@lineage/contracts';

/** A part of a trace, in milliseconds since it began. */
export type Reach = { readonly fromMs: number; readonly toMs: number };

/**
 * What is looked at: all of it, its end as it grows, or one part. Of what ended the end is a part like any other.
 */
export type Look =
  | { readonly kind: 'all' }
  | { readonly kind: 'edge'; readonly widthMs: number }
  | ({ readonly kind: 'part' } & Reach);

/** Nothing happens in less than the trace's own microsecond. */
const LEAST_MS = 0.02;
/** A tile that is narrower cannot be seen. */
const LEAST_TILE_PX = 2;

export const widthOf = ({ fromMs, toMs }: Reach): number => toMs - fromMs;

/** The part that a look is of, when the trace has come to `endMs`. */
export function reachOf(look: Look, endMs: number): Reach {
  const end = Math.max(endMs, LEAST_MS);
  if (look.kind === 'all') return { fromMs: 0, toMs: end };
  if (look.kind === 'edge') return { fromMs: Math.max(0, end - look.widthMs), toMs: end };
  return within(look, end);
}

/** A factor below 1 shows less; what is at `atMs` stays where it is. */
export function zoomed(reach: Reach, factor: number, atMs: number, endMs: number): Look {
  const width = Math.min(endMs, Math.max(LEAST_MS, widthOf(reach) * factor));
  if (width >= endMs) return { kind: 'all' };
  const part = widthOf(reach) <= 0 ? 0.5 : (atMs - reach.fromMs) / widthOf(reach);
  const fromMs = atMs - part * width;
  return { kind: 'part', ...within({ fromMs, toMs: fromMs + width }, endMs) };
}

export function moved(reach: Reach, byMs: number, endMs: number): Look {
  return {
    kind: 'part',
    ...within({ fromMs: reach.fromMs + byMs, toMs: reach.toMs + byMs }, endMs),
  };
}

/** As wide as it was, within what there is. */
function within(reach: Reach, endMs: number): Reach {
  const width = Math.min(widthOf(reach), endMs);
  const fromMs = Math.min(Math.max(0, reach.fromMs), Math.max(0, endMs - width));
  return { fromMs, toMs: fromMs + width };
}

/** The finest tiles that can still be seen. */
export function levelFor(reach: Reach, widthPx: number): number {
  const pxPerMs = widthPx / Math.max(widthOf(reach), LEAST_MS);
  const level = TRACE_TILE_MS.findIndex((ms) => ms * pxPerMs >= LEAST_TILE_PX);
  return level < 0 ? TRACE_TILE_MS.length - 1 : level;
}

/** What is asked for to show a part: somewhat more, so that little moves need no new answer. */
export function askedFor(reach: Reach, endMs: number): Reach {
  const step = 2 ** Math.ceil(Math.log2(Math.max(widthOf(reach), LEAST_MS)));
  return {
    fromMs: Math.max(0, Math.floor(reach.fromMs / step) * step),
    toMs: Math.min(Math.ceil(endMs), Math.ceil(reach.toMs / step) * step),
  };
}

/** Round times for an axis, some 90 pixels apart. */
export function ticksOf(
  reach: Reach,
  widthPx: number,
): { readonly everyMs: number; readonly atMs: number[] } {
  const wanted = (widthOf(reach) * 90) / Math.max(90, widthPx);
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 0.001)));
  const everyMs = [1, 2, 5, 10].map((times) => times * power).find((step) => step >= wanted) ?? 10 * power;
  const atMs: number[] = [];
  for (let at = Math.ceil(reach.fromMs / everyMs); at * everyMs <= reach.toMs; at++) atMs.push(at * everyMs);
  return { everyMs, atMs };
}
