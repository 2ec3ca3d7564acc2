import { commonParts } from './common-parts.ts';

/**
 * A change of lines, each with its end: `removed` stood from `oldLine` on, `added` stands from `newLine` on; lines count
 * from 1.
 */
export type Hunk = {
  readonly oldLine: number;
  readonly newLine: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
};

export type FileText = { readonly path: string; readonly content: string };
export type FileChange = { readonly path: string; readonly hunks: readonly Hunk[] };

/** Beyond so many differing lines the search takes longer than anybody waits, and the rest is one change. */
const MOST_DIFFERENCES = 2_000;
/** Unchanged lines around a change, as every patch has them. */
const CONTEXT = 3;

/** The changes from one text to another, in order. */
export function diffLines(before: string, after: string): Hunk[] {
  if (before === after) return [];
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const kept = commonParts(middleA, middleB, MOST_DIFFERENCES) ?? [];
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...kept, [middleA.length, middleB.length] as const]) {
    if (x > i || y > j)
      hunks.push({
        oldLine: start + i + 1,
        newLine: start + j + 1,
        removed: middleA.slice(i, x),
        added: middleB.slice(j, y),
      });
    [i, j] = [x + 1, y + 1];
  }
  return hunks;
}

/** What differs between two trees, by path; what is new or gone differs as a whole. */
export function diffTrees(before: readonly FileText[], after: readonly FileText[]): FileChange[] {
  const [old, next] = [before, after].map((tree) => new Map(tree.map((file) => [file.path, file.content])));
  const paths = [...new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])])].sort();
  return paths
    .map((path) => ({ path, hunks: diffLines(old?.get(path) ?? '', next?.get(path) ?? '') }))
    .filter(({ hunks }) => hunks.length > 0);
}

/** The same as a patch in unified format, which `git apply` and `patch -p1` take. */
export function unifiedPatch(before: readonly FileText[], after: readonly FileText[]): string {
  const old = new Map(before.map((file) => [file.path, file.content]));
  const next = new Map(after.map((file) => [file.path, file.content]));
  return diffTrees(before, after)
    .map(({ path, hunks }) => {
      const head = `--- ${old.has(path) ? `a/${path}` : '/dev/null'}\n+++ ${next.has(path) ? `b/${path}` : '/dev/null'}\n`;
      return head + patchOf(old.get(path) ?? '', hunks);
    })
    .join('');
}

function patchOf(before: string, hunks: readonly Hunk[]): string {
  const old = linesOf(before);
  return grouped(hunks)
    .map((group) => {
      const [first, last] = [group[0], group.at(-1)];
      if (first === undefined || last === undefined) return '';
      const from = Math.max(1, first.oldLine - CONTEXT);
      const to = Math.min(old.length, last.oldLine + last.removed.length - 1 + CONTEXT);
      const body: string[] = [];
      let at = from;
      for (const { oldLine, removed, added } of group) {
        body.push(...marked(' ', old.slice(at - 1, oldLine - 1)));
        body.push(...marked('-', removed), ...marked('+', added));
        at = oldLine + removed.length;
      }
      body.push(...marked(' ', old.slice(at - 1, to)));
      const oldCount = to - from + 1;
      const newCount = oldCount + group.reduce((sum, h) => sum + h.added.length - h.removed.length, 0);
      const newFrom = from + first.newLine - first.oldLine;
      return `@@ -${range(from, oldCount)} +${range(newFrom, newCount)} @@\n${body.join('')}`;
    })
    .join('');
}

/** A range of no lines names the line before it. */
const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`;

/** A text without a last line end says so, as patches do. */
const marked = (mark: string, lines: readonly string[]): string[] =>
  lines.map((line) => `${mark}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`);

/** Changes whose surroundings touch are told together. */
function grouped(hunks: readonly Hunk[]): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const before = groups.at(-1)?.at(-1);
    const isNear =
      before !== undefined && hunk.oldLine - (before.oldLine + before.removed.length) <= 2 * CONTEXT;
    if (isNear) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
