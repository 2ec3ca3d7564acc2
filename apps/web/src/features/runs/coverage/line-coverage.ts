import type { CoverageBlock, CoverageBody } from '@lineage/contracts';

/** A line that has statements: all of them ran, none did, or some. `count` is how often the most frequent one ran. */
export type LineCoverage = {
  readonly line: number;
  readonly state: 'covered' | 'uncovered' | 'partly';
  readonly count: number;
};

/** What of a file, a package or everything ran. */
export type CoverageSum = { readonly covered: number; readonly statements: number };

/** The lines of a file that have statements, in order. */
export function linesOf(blocks: readonly CoverageBlock[]): LineCoverage[] {
  const lines = new Map<number, { ran: boolean; missed: boolean; count: number }>();
  for (const [startLine, , endLine, , statements, count] of blocks) {
    if (statements === 0) continue;
    for (let line = startLine; line <= endLine; line += 1) {
      const known = lines.get(line) ?? { ran: false, missed: false, count: 0 };
      lines.set(line, {
        ran: known.ran || count > 0,
        missed: known.missed || count === 0,
        count: Math.max(known.count, count),
      });
    }
  }
  return [...lines]
    .toSorted(([a], [b]) => a - b)
    .map(([line, { ran, missed, count }]) => ({
      line,
      state: !missed ? 'covered' : ran ? 'partly' : 'uncovered',
      count,
    }));
}

/** Counted by statements, as `go test -cover` does. */
export function sumOf(files: readonly Pick<CoverageBody, 'blocks'>[]): CoverageSum {
  let [covered, statements] = [0, 0];
  for (const { blocks } of files)
    for (const [, , , , size, count] of blocks) {
      statements += size;
      if (count > 0) covered += size;
    }
  return { covered, statements };
}

/** First and last line of each stretch in which nothing ran. */
export function gapsOf(blocks: readonly CoverageBlock[]): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  const missed = blocks
    .filter(([, , , , statements, count]) => statements > 0 && count === 0)
    .toSorted(([a], [b]) => a - b);
  for (const [from, , to] of missed) {
    const last = gaps.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else gaps.push({ from, to });
  }
  return gaps;
}

/** The files by package, both in the order of their names. */
export function packagesOf(files: readonly CoverageBody[]): [string, CoverageBody[]][] {
  return [...Map.groupBy(files, (file) => file.package)]
    .map(([name, own]): [string, CoverageBody[]] => [
      name,
      own.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    ])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
