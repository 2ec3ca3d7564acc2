import type { Run } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { countOf, isProfiled, tabsOf, usualTab } from './dock-tabs.ts';
import { foldRun, type RunFold } from './fold-run.ts';

const empty = foldRun([]);
const run = (kind: Run['kind'], signals: Run['signals'] = []) => ({ kind, signals });
const races: Partial<RunFold> = { races: [{ type: 'race', accesses: [] }] };

describe('the tabs of a run', () => {
  it('are three for every run, and more where there is more to see', () => {
    expect(tabsOf(undefined, empty)).toEqual(['output', 'tests', 'flame']);
    expect(tabsOf(run('race'), { ...empty, ...races })).toEqual(['output', 'tests', 'races', 'flame']);
    expect(tabsOf(run('build'), empty)).toContain('remarks');
  });

  it('open at what the run is about', () => {
    expect(usualTab(run('run'), empty)).toBe('output');
    expect(usualTab(run('run', ['cpu']), empty)).toBe('flame');
    expect(usualTab(run('run', ['metrics']), empty)).toBe('output');
    const gc = { ...empty, gc: [{} as RunFold['gc'][number]] };
    expect(usualTab(run('run', ['gctrace']), gc)).toBe('runtime');
    expect(usualTab(run('run', ['cpu', 'gctrace']), gc)).toBe('flame');
    for (const said of ['metrics', 'gc', 'sched', 'inits'] as const) {
      const fold = { ...empty, [said]: [{}] };
      expect(tabsOf(run('run'), fold), said).toContain('runtime');
      expect(usualTab(run('run', ['inittrace']), fold), said).toBe('runtime');
    }
    expect(usualTab(run('check'), empty)).toBe('tests');
    expect(usualTab(run('race'), empty)).toBe('output');
    expect(usualTab(run('race'), { ...empty, ...races })).toBe('races');
    expect(usualTab(run('race', ['cpu']), { ...empty, ...races })).toBe('races');
    expect(usualTab(run('race', ['cpu']), empty)).toBe('flame');
    expect(usualTab(run('build'), empty)).toBe('remarks');
    const sweep = { parameter: 'GOGC' as const, values: ['50'], repeat: 1 };
    const swept: RunFold = { ...empty, gc: gc.gc, given: { type: 'given', sweep, comparedWith: null } };
    expect(usualTab(run('run', ['gctrace']), swept)).toBe('sweep');
    expect(tabsOf(run('run'), swept)).toContain('sweep');
  });

  it('wait for profiles only where some were asked for', () => {
    expect(isProfiled(run('run', ['metrics', 'gctrace']))).toBe(false);
    expect(isProfiled(run('run', ['metrics', 'cpu']))).toBe(true);
  });

  it('count what went wrong', () => {
    expect(countOf('races', { ...empty, ...races })).toBe(1);
    expect(countOf('crash', empty)).toBe(0);
  });
});
