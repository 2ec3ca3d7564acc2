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

/** Changes by words, blanks and single characters (Myers, "An O(ND) Difference Algorithm", 1986). */
function wordChanges(before: string, after: string): TextChange[] {
  const { from, insert, to } = trimmed(0, before, after);
  const [a, b] = [tokens(before.slice(from, to)), tokens(insert)];
  const kept = commonTokens(a, b);
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

/** Pairs of places whose tokens stay, in order; null when the texts differ too much. */
function commonTokens(a: readonly string[], b: readonly string[]): (readonly [number, number])[] | null {
  const rounds: Int32Array[] = [];
  const most = Math.min(MOST_DIFFERENCES, a.length + b.length);
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let d = 0; d <= most; d += 1) {
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(reach, middle + k - 1) < at(reach, middle + k + 1));
      let x = down ? at(reach, middle + k + 1) : at(reach, middle + k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, rounds, d);
    }
    rounds.push(reach.slice(middle - d, middle + d + 1));
  }
  return null;
}

/** From the end to the beginning along the furthest points; `rounds[d]` holds diagonals -d..d. */
function walkBack(
  a: readonly string[],
  b: readonly string[],
  rounds: readonly Int32Array[],
  last: number,
): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = last; d > 0; d -= 1) {
    const round = rounds[d - 1] ?? new Int32Array(1);
    const furthest = (diagonal: number): number =>
      Math.abs(diagonal) > d - 1 ? -1 : at(round, diagonal + d - 1);
    const k = x - y;
    const down = k === -d || (k !== d && furthest(k - 1) < furthest(k + 1));
    const before = down ? k + 1 : k - 1;
    const fromX = furthest(before);
    const fromY = fromX - before;
    const [startX, startY] = down ? [fromX, fromY + 1] : [fromX + 1, fromY];
    while (x > startX && y > startY) kept.push([(x -= 1), (y -= 1)]);
    [x, y] = [fromX, fromY];
  }
  while (x > 0 && y > 0) kept.push([(x -= 1), (y -= 1)]);
  return kept.toReversed();
}

const at = (numbers: Int32Array, index: number): number => numbers[index] ?? 0;
