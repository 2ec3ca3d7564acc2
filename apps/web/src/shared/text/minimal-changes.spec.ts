import { ChangeSet } from '@codemirror/state';
import { Text } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimalChanges } from './minimal-changes.ts';

const applied = (before: string, after: string): string =>
  ChangeSet.of(minimalChanges(before, after), before.length)
    .apply(Text.of(before.split('\n')))
    .toString();

const code = fc
  .array(fc.constantFrom('a', 'bc', 'func', ' ', '\t', '\n', '(', ')', '"x"', '界', ';'), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('minimal changes', () => {
  it('make one text of the other, whatever they are', () => {
    fc.assert(
      fc.property(code, code, (before, after) => {
        expect(applied(before, after)).toBe(after);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are in order and touch nothing twice', () => {
    fc.assert(
      fc.property(code, code, (before, after) => {
        const changes = minimalChanges(before, after);
        for (const [at, { from, to }] of changes.entries())
          expect((changes[at - 1]?.to ?? 0) <= from && from <= to && to <= before.length).toBe(true);
      }),
    );
  });

  it('are of blanks alone where only blanks differ', () => {
    const before = 'package main\nfunc  main( ) {\nx := 1\n}\n';
    const after = 'package main\n\nfunc main() {\n\tx := 1\n}\n';
    const changes = minimalChanges(before, after);
    expect(changes.map(({ from, to, insert }) => before.slice(from, to) + insert).join('')).toMatch(/^\s+$/);
    expect(applied(before, after)).toBe(after);
  });

  it('keep what stays between lines that changed places', () => {
    const before = 'import (\n\t"os"\n\t"fmt"\n)\n\nfunc main() { long() }\n';
    const after = 'import (\n\t"fmt"\n\t"os"\n)\n\nfunc main() { long() }\n';
    const changed = minimalChanges(before, after).reduce(
      (sum, { from, to, insert }) => sum + to - from + insert.length,
      0,
    );
    expect(changed).toBeLessThanOrEqual(18);
  });

  it('replace what differs too much, and still come to the right text', () => {
    const before = Array.from({ length: 4_000 }, (_, at) => `a${at}`).join('+');
    const after = Array.from({ length: 4_000 }, (_, at) => `b${at}`).join('-');
    expect(minimalChanges(before, after)).toHaveLength(1);
    expect(applied(before, after)).toBe(after);
  });
});
