import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCallTree } from './call-tree.ts';
import { profileFromText } from './fixtures/index.ts';
import { formatShare, formatValue } from './format-value.ts';
import { originOf, packageOf, shortName } from './function-name.ts';
import { functionCosts } from './function-table.ts';
import { hotFunctions, sourceHeat, topFrames } from './hot-functions.ts';
import { searchTree } from './search.ts';

describe('the name of a function', () => {
  it.each([
    ['main.main', 'main', 'main.main', 'program'],
    ['net/http.(*Server).Serve.func1', 'net/http', 'http.(*Server).Serve.func1', 'std'],
    ['main.sum[go.shape.int]', 'main', 'main.sum[…]', 'program'],
    ['main.Set[example.org/x.Key].Add', 'main', 'main.Set[…].Add', 'program'],
    ['github.com/a/b.F', 'github.com/a/b', 'b.F', 'module'],
    ['runtime.mallocgc', 'runtime', 'runtime.mallocgc', 'runtime'],
    ['internal/runtime/maps.(*Map).Get', 'internal/runtime/maps', 'maps.(*Map).Get', 'runtime'],
    ['lineage/exercise.Do', 'lineage/exercise', 'exercise.Do', 'program'],
    ['type:.eq.main.pair', '', 'type:.eq.main.pair', 'runtime'],
    ['cmpbody', '', 'cmpbody', 'runtime'],
  ])('%s says its package, its short form and where it comes from', (symbol, path_, short, origin) => {
    expect([packageOf(symbol), shortName(symbol), originOf(symbol)]).toEqual([path_, short, origin]);
  });
});

describe('a value for people', () => {
  it.each([
    [1_250_000_000, 'nanoseconds', '1.25 s'],
    [999, 'nanoseconds', '999 ns'],
    [0, 'nanoseconds', '0 ns'],
    [-1500, 'microseconds', '-1.5 ms'],
    [5400, 'seconds', '1.5 h'],
    [547_372, 'bytes', '535 kB'],
    [3 * 1024 ** 2, 'bytes', '3 MB'],
    [12_034, 'count', '12,034'],
    [3, 'widgets', '3 widgets'],
  ])('%d %s reads %s', (value, unit, text) => expect(formatValue(value, unit, 'en')).toBe(text));

  it('never shows a small part as nothing', () => {
    expect([0, 0.0001, 0.4123, 0.9997, 1].map((share) => formatShare(share, 'en'))).toEqual([
      '0 %',
      '< 0.1 %',
      '41.2 %',
      '100 %',
      '100 %',
    ]);
  });
});

describe('a search', () => {
  it('counts what is called by another match once', async () => {
    const profile = await profileFromText(`
      main.main  main.main  main.main
      main.Work  main.Work  os.Read
      main.work  main.rest  -
      =3         =5         =2
    `);
    const tree = buildCallTree(profile);
    expect(searchTree(tree, profile.functions, 'WORK')).toMatchObject({ count: 2, share: 0.8 });
    expect(searchTree(tree, profile.functions, 'os read').share).toBeCloseTo(0.2);
    expect(searchTree(tree, profile.functions, ' ')).toMatchObject({ count: 0, share: 0 });
  });
});

describe('the summaries', () => {
  it('count a recursive function once a sample', async () => {
    const profile = await profileFromText('main.fib\nmain.fib\nmain.fib\n=4');
    const { flat, cum } = functionCosts(profile, 0);
    expect([flat[0], cum[0]]).toEqual([4, 4]);
  });

  it('put the dearest function first, with its part of the whole', async () => {
    const file = readFileSync(path.join(import.meta.dirname, '../testdata/cpu.pb.gz'));
    const [first, second] = await topFrames(file, 2);
    expect([first?.name, first?.flat, first?.unit]).toEqual(['main.fibonacci', 620_000_000, 'nanoseconds']);
    expect(first?.share).toBeCloseTo(0.4079, 4);
    expect(second?.name).toBe('main.churn');
  });

  it('heat the lines of the program alone', async () => {
    const profile = await profileFromText(`
      main.main:3  main.main:3
      main.sum:8   runtime.gc:5
      =3           =1
    `);
    expect(sourceHeat(profile)).toEqual([
      { file: 'main.go', line: 3, flat: 0, cum: 4, flatShare: 0, cumShare: 1 },
      { file: 'main.go', line: 8, flat: 3, cum: 3, flatShare: 0.75, cumShare: 0.75 },
    ]);
    expect(hotFunctions(profile, 1)[0]?.name).toBe('main.sum');
  });
});
