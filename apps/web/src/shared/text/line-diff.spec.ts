import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines, diffTrees, unifiedPatch } from './line-diff.ts';

const text = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '', '}'), { maxLength: 30 }), fc.boolean())
  .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''));
const lines = (content: string): string[] => content.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** What the changes make of the old text. */
function applied(before: string, after: string): string[] {
  const old = lines(before);
  const result: string[] = [];
  let at = 1;
  for (const { oldLine, removed, added } of diffLines(before, after)) {
    result.push(...old.slice(at - 1, oldLine - 1));
    expect(old.slice(oldLine - 1, oldLine - 1 + removed.length)).toEqual(removed);
    result.push(...added);
    at = oldLine + removed.length;
  }
  return [...result, ...old.slice(at - 1)];
}

describe('changes of lines', () => {
  it('are few', () => {
    expect(diffLines('one\ntwo\nthree\n', 'one\n2\nthree\nfour\n')).toEqual([
      { oldLine: 2, newLine: 2, removed: ['two\n'], added: ['2\n'] },
      { oldLine: 4, newLine: 4, removed: [], added: ['four\n'] },
    ]);
    expect(diffLines('x\n', 'x\n')).toEqual([]);
  });

  it('make the one text of the other, whatever both are', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applied(before, after)).toEqual(lines(after));
      }),
      { numRuns: 500 },
    );
  });

  it('tell new and lost files as a whole', () => {
    const before = [{ path: 'a.go', content: 'x\n' }];
    const after = [{ path: 'b.go', content: 'y\n' }];
    expect(diffTrees(before, after).map(({ path: at, hunks }) => [at, hunks.length])).toEqual([
      ['a.go', 1],
      ['b.go', 1],
    ]);
  });
});

describe('a patch', () => {
  it('is one that git applies, to the byte', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lineage-patch-'));
    const file = path.join(folder, 'main.go');
    const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
    try {
      git('init', '-q');
      fc.assert(
        fc.property(text, text, (before, after) => {
          fc.pre(before !== '' && after !== '' && before !== after);
          writeFileSync(file, before);
          const [old, next] = [before, after].map((content) => [{ path: 'main.go', content }]);
          writeFileSync(path.join(folder, 'p.patch'), unifiedPatch(old ?? [], next ?? []));
          git('apply', 'p.patch');
          expect(readFileSync(file, 'utf8')).toBe(after);
        }),
        { numRuns: 25 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
