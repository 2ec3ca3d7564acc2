import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PATH_BYTES } from './limits.ts';
import { pathKey, pathProblem, type PathProblem } from './path.ts';

describe('pathProblem', () => {
  it.each([
    'main.go',
    'go.mod',
    'internal/ring/ring_test.go',
    'ring.go.conflict-2',
    '说明/读我.md',
    'a b.go',
    '.golangci.yml',
    'кольцо/читай',
  ])('takes %s', (path) => expect(pathProblem(path)).toBeNull());

  const refused: [string, PathProblem][] = [
    ['', 'empty'],
    ['a//b.go', 'empty'],
    ['a/', 'empty'],
    ['x'.repeat(MAX_PATH_BYTES + 1), 'too_long'],
    ['文'.repeat(86), 'too_long'],
    ['1/2/3/4/5/6/7/8/9.go', 'too_deep'],
    ['/etc/passwd', 'absolute'],
    ['C:main.go', 'absolute'],
    ['..', 'dot_segment'],
    ['a/../../b.go', 'dot_segment'],
    ['./main.go', 'dot_segment'],
    ['a\0.go', 'control'],
    ['a\nb.go', 'control'],
    ['a\u202egpj.go', 'control'],
    ['a\u200bb.go', 'control'],
    ['\ud800.go', 'control'],
    ['a\\b.go', 'forbidden_character'],
    ['what?.go', 'forbidden_character'],
    ['cafe\u0301.go', 'not_normal'],
    ['ｍain.go', 'not_normal'],
    [' main.go', 'bad_end'],
    ['main.go ', 'bad_end'],
    ['a./b.go', 'bad_end'],
    ['m\u0430in.go', 'mixed_scripts'],
    ['\u03bfne.go', 'mixed_scripts'],
  ];
  it.each(refused)('refuses %j as %s', (path, problem) => expect(pathProblem(path)).toBe(problem));

  it('takes nothing that leaves the workspace or differs on disk, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aB./\\: \0\u202e文é'), maxLength: 24 }), (path) => {
        if (pathProblem(path) !== null) return;
        const segments = path.split('/');
        expect(segments).not.toContain('..');
        expect(segments).not.toContain('');
        expect(path).not.toMatch(/[\\:\0]|^\//);
        expect(path.normalize('NFC')).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });

  it('answers for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (path) => void pathProblem(path)));
  });
});

describe('pathKey', () => {
  it('is one for names that a file system takes for one', () => {
    expect(pathKey('Main.go')).toBe(pathKey('main.GO'));
    expect(pathKey('a.go')).not.toBe(pathKey('b.go'));
  });
});
