import { commonParts } from './common-parts.ts';

/** One change of a text; positions are in the old one. */
export type TextChange = { readonly from: number; readonly to: number; readonly insert: string };

/** Beyond so many differences the search takes longer than anybody waits, and the rest is replaced as a whole. */
const MOST_DIFFERENCES = 1_000;

/**
 * What to change of `before` so that it reads as `after`, in few and small places: carets in between stay where they
 * are. Made for what a formatter does: where only blanks differ it takes linear time.
 */
export function minimalChanges(before: string, after: string): TextChange[] {
  if (before === after) return [];
  return blankChanges(before, after) ?? wordChanges(before, after);
}

const gap = /\s*/y;

/** Changes of blanks alone; null when anything else differs. */
function blankChanges(before: string, after: string): TextChange[] | null {
  const changes: TextChange[] = [];
  let [at, to] = [0, 0];
  const blanksAt = (text: string, from: number): string => {
    gap.lastIndex = from;
    return gap.exec(text)?.[0] ?? '';
  };
  for (;;) {
    const [old, next] = [blanksAt(before, at), blanksAt(after, to)];
    if (old !== next) changes.push(trimmed(at, old, next));
    at += old.length;
    to += next.length;
    if (at === before.length || to === after.length)
      return at === before.length && to === after.length ? changes : null;
    if (before[at] !== after[to]) return null;
    at += 1;
    to += 1;
  }
}

/** Changes by words, blanks and single characters. */
function wordChanges(before: string, after: string): TextChange[] {
  const { from, insert, to } = trimmed(0, before, after);
  const [a, b] = [tokens(before.slice(from, to)), tokens(insert)];
  const kept = commonParts(a, b, MOST_DIFFERENCES);
  if (kept === null) return [{ from, to, insert }];
  const changes: TextChange[] = [];
  let position = from;
  let [i, j] = [0, 0];
  for (const [x, y] of [...kept, [a.length, b.length] as const]) {
    const [old, next] = [a.slice(i, x).join(''), b.slice(j, y).join('')];
    if (old !== next) changes.push({ from: position, to: position + old.length, insert: next });
    position += old.length + (a[x]?.length ?? 0);
    [i, j] = [x + 1, y + 1];
  }
  return changes;
}

const tokens = (text: string): string[] => text.match(/\w+|[^\w]/gs) ?? [];

/** The change without what both texts have at their ends; `from` is where `old` begins. */
function trimmed(from: number, old: string, next: string): TextChange {
  const most = Math.min(old.length, next.length);
  let head = 0;
  while (head < most && old[head] === next[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === next.at(-1 - tail)) tail += 1;
  return { from: from + head, to: from + old.length - tail, insert: next.slice(head, next.length - tail) };
}
