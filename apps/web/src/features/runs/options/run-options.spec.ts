import { startRunSchema } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import {
  noOptions,
  optionKinds,
  parseOptions,
  requestOfOptions,
  splitArguments,
  toggledSignal,
  toggledTarget,
  wrongFields,
} from './run-options.ts';

describe('arguments on a line', () => {
  it('are split as a shell would', () => {
    expect(splitArguments(`a  "b c" d\\ e 'f"\\' "" x"y"z`)).toEqual(['a', 'b c', 'd e', 'f"\\', '', 'xyz']);
    expect(splitArguments('  ')).toEqual([]);
    expect(splitArguments('a "b')).toBeNull();
  });
});

describe('options of a run', () => {
  it('are sent as far as the kind has them', () => {
    const filled = {
      ...noOptions,
      signals: ['cpu' as const],
      args: '-n 3',
      env: { GOGC: '50', GODEBUG: '' },
      pattern: 'X',
      hasStdin: true,
      stdin: 'in',
    };
    expect(requestOfOptions(filled)).toEqual({
      kind: 'run',
      signals: ['cpu'],
      args: ['-n', '3'],
      env: { GOGC: '50' },
      pattern: '',
      testing: null,
      goExperiment: null,
      goVersion: null,
      stdin: 'in',
    });
    expect(requestOfOptions({ ...filled, kind: 'test' })).toMatchObject({
      args: [],
      pattern: 'X',
      stdin: null,
    });
    expect(requestOfOptions({ ...filled, kind: 'test', count: 5, shuffle: true }).testing).toEqual({
      count: 5,
      shuffle: 'on',
      coverage: false,
    });
    expect(requestOfOptions({ ...filled, kind: 'race' }).signals).toEqual(['cpu']);
    expect(requestOfOptions({ ...filled, kind: 'fuzz' }).signals).toEqual([]);
    for (const kind of ['run', 'test', 'race', 'bench'] as const)
      expect(startRunSchema.safeParse(requestOfOptions({ ...filled, kind })).success).toBe(true);
  });

  it('shuffle by a seed, where one was given', () => {
    const tests = { ...noOptions, kind: 'test' as const, shuffleSeed: '1957' };
    expect(requestOfOptions(tests).testing).toBeNull();
    expect(requestOfOptions({ ...tests, shuffle: true }).testing).toMatchObject({ shuffle: '1957' });
    for (const shuffleSeed of ['many', '1.5', '1'.repeat(19)]) {
      expect(wrongFields({ ...tests, shuffle: true, shuffleSeed })).toEqual(['shuffleSeed']);
      expect(wrongFields({ ...tests, shuffleSeed })).toEqual([]);
      expect(wrongFields({ ...tests, kind: 'run', shuffle: true, shuffleSeed })).toEqual([]);
    }
  });

  it('run a program over a parameter, and then measure nothing but what the runtime prints', () => {
    const sweep = { parameter: 'GOGC', values: '50, 100  off 50', repeat: 2 } as const;
    const filled = { ...noOptions, signals: ['cpu' as const, 'gctrace' as const], sweep };
    expect(requestOfOptions(filled)).toMatchObject({
      signals: ['gctrace'],
      sweep: { parameter: 'GOGC', values: ['50', '100', 'off'], repeat: 2 },
    });
    expect(requestOfOptions({ ...filled, kind: 'test' })).not.toHaveProperty('sweep');
    expect(startRunSchema.safeParse(requestOfOptions(filled)).success).toBe(true);
    for (const values of ['', 'many', Array.from({ length: 17 }, (_, at) => at + 1).join(' ')])
      expect(wrongFields({ ...filled, sweep: { ...sweep, values } })).toEqual(['sweep']);
  });

  it('name a fuzz target, systems, or another Go where the kind has them', () => {
    const filled = { ...noOptions, fuzzTarget: 'FuzzParse', fuzzSeconds: 3, pattern: 'X', count: 5 };
    expect(requestOfOptions({ ...filled, kind: 'fuzz' })).toMatchObject({
      kind: 'test',
      pattern: '',
      testing: { fuzz: 'FuzzParse', fuzzMs: 3000 },
    });
    expect(wrongFields({ ...filled, kind: 'fuzz', fuzzTarget: 'Parse' })).toEqual(['fuzzTarget']);
    expect(requestOfOptions({ ...filled, kind: 'cross' })).toEqual({
      kind: 'cross',
      targets: noOptions.targets,
    });
    expect(wrongFields({ ...filled, kind: 'cross', targets: [] })).toEqual(['targets']);
    expect(toggledTarget(['js/wasm'], 'linux/amd64')).toEqual(['linux/amd64', 'js/wasm']);
    const other = { ...noOptions, goExperiment: 'nogreenteagc' as const };
    expect(requestOfOptions(other)).toMatchObject({ goExperiment: 'nogreenteagc', goVersion: null });
    expect(requestOfOptions({ ...other, kind: 'race' }).goExperiment).toBeNull();
    expect(requestOfOptions({ ...other, goVersion: 'go1.26.10' })).toMatchObject({
      goExperiment: null,
      goVersion: 'go1.26.10',
    });
    for (const kind of optionKinds)
      expect(
        startRunSchema.safeParse(requestOfOptions({ ...filled, goExperiment: other.goExperiment, kind }))
          .success,
        kind,
      ).toBe(true);
  });

  it('compare benchmarks with those before, unless somebody chose', () => {
    expect(requestOfOptions({ ...noOptions, kind: 'bench' }).compareWith).toBe('previous');
    expect(requestOfOptions({ ...noOptions, kind: 'bench', compareWith: null }).compareWith).toBeNull();
    expect(requestOfOptions(noOptions)).not.toHaveProperty('compareWith');
  });

  it('say which fields cannot be sent', () => {
    expect(wrongFields({ ...noOptions, args: '"', env: { GOGC: 'x', GOMAXPROCS: '4' } })).toEqual([
      'GOGC',
      'args',
    ]);
  });

  it('come back as they were, and as none when they make no sense', () => {
    const kept = { ...noOptions, kind: 'test' as const, pattern: '^TestA$' };
    expect(parseOptions(JSON.stringify(kept))).toEqual(kept);
    for (const text of [null, 'x', '{}', '[]', '{"kind":"vet"}']) expect(parseOptions(text)).toBe(noOptions);
  });

  it('keep the order of signals', () => {
    expect(toggledSignal(['trace'], 'cpu')).toEqual(['cpu', 'trace']);
    expect(toggledSignal(['cpu', 'trace'], 'cpu')).toEqual(['trace']);
  });
});
