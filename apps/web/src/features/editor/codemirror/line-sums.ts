import { commonParts } from '../../../shared/text/common-parts.ts';

/** Beyond so many differing lines the texts are taken for different ones. */
const MOST_DIFFERENCES = 1_000;

/** FNV-1a (32 bits) of a line's bytes, as the runner tells it. */
export function lineSum(line: string): number {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(line)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum;
}

/** Where the lines of an earlier text, known by their sums, stand now; those that changed are missing. Lines count from 1. */
export function linesNow(before: readonly number[], now: Iterable<string>): Map<number, number> {
  const old = before.map(String);
  const next = [...now].map((line) => String(lineSum(line)));
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < next.length - start && old.at(-1 - end) === next.at(-1 - end))
    end += 1;
  const places = new Map<number, number>();
  for (let at = 0; at < start; at += 1) places.set(at + 1, at + 1);
  const middle = commonParts(
    old.slice(start, old.length - end),
    next.slice(start, next.length - end),
    MOST_DIFFERENCES,
  );
  for (const [x, y] of middle ?? []) places.set(start + x + 1, start + y + 1);
  for (let at = 0; at < end; at += 1) places.set(old.length - at, next.length - at);
  return places;
}
