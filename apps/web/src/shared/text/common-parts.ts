/**
 * Pairs of places, in order, at which two sequences have the same, as many as there can be (Myers, "An O(ND) Difference
 * Algorithm", 1986). Null when more than `mostDifferences` parts differ: the search takes memory and time of their square.
 */
export function commonParts(
  a: readonly string[],
  b: readonly string[],
  mostDifferences: number,
): (readonly [number, number])[] | null {
  const rounds: Int32Array[] = [];
  const most = Math.min(mostDifferences, a.length + b.length);
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
