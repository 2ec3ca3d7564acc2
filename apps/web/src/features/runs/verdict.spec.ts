import { describe, expect, it } from 'vitest';
import type { RunFold } from './fold-run.ts';
import { en } from './messages/en.ts';
import { zhCn } from './messages/zh-cn.ts';
import { translator } from '../../shared/i18n/index.ts';
import { endingOf } from './verdict.ts';

type End = NonNullable<RunFold['end']>;

const ended = (end: Partial<End>, rest: Partial<RunFold> = {}): RunFold => ({
  stages: [{ name: 'run', ms: 12, detail: '', place: null, waitMs: null, why: null }],
  diagnostics: [],
  output: [],
  tests: [],
  artifacts: [],
  crash: null,
  races: [],
  formatted: [],
  remarks: [],
  metrics: [],
  gc: [],
  sched: [],
  inits: [],
  recordsLeftOut: 0,
  benchmarks: [],
  windows: [],
  coverage: [],
  crossBuilt: [],
  fuzz: null,
  fuzzFailures: [],
  sweep: [],
  trace: null,
  assembly: [],
  given: null,
  shuffleSeed: null,
  end: {
    type: 'end',
    verdict: 'failed',
    limit: null,
    exitCode: 0,
    exitSignal: '',
    reason: 'said in English',
    wallMs: 12,
    cpuMs: 3,
    peakMemoryBytes: 0,
    stdoutBytes: 0,
    stderrBytes: 0,
    selfReported: false,
    noisy: false,
    ...end,
  },
  ...rest,
});
const test = (outcome: 'passed' | 'failed') => ({
  name: outcome,
  fullName: outcome,
  outcome,
  durationMs: 0,
  output: '',
  tests: [],
});

const looked = (tool: string) => ({
  stages: [{ name: 'compile' as const, ms: 12, detail: tool, place: null, waitMs: null, why: null }],
});
const problem = (source: string): RunFold['diagnostics'][number] => ({
  type: 'diagnostic',
  path: 'a.go',
  line: 1,
  column: 1,
  message: '',
  source,
});

const crashed = (kind: string): RunFold['crash'] => ({
  type: 'crash',
  kind,
  message: '',
  goroutines: [],
  truncated: false,
});

const cases: [string, RunFold][] = [
  ['passed', ended({ verdict: 'passed' })],
  ['vetted', ended({ verdict: 'passed' }, looked('go vet'))],
  ['formatted', ended({ verdict: 'passed' }, looked('gofmt'))],
  [
    'unformatted',
    ended(
      { verdict: 'passed' },
      { ...looked('gofmt'), formatted: [{ type: 'formatted', path: 'a.go', content: '' }] },
    ),
  ],
  ['compiled', ended({ verdict: 'passed' }, looked('go build'))],
  ['vetFound', ended({}, { ...looked('go vet'), diagnostics: [problem('vet')] })],
  ['notCompiled', ended({}, { ...looked('go vet'), diagnostics: [problem('vet'), problem('compile')] })],
  ['races', ended({ exitCode: 66 }, { races: [{ type: 'race', accesses: [] }] })],
  ['panicked', ended({ exitCode: 2 }, { crash: crashed('panic') })],
  ['crashed', ended({ exitCode: 2 }, { crash: crashed('fatal error') })],
  ['asleep', ended({ exitCode: 2, allAsleep: true }, { crash: crashed('fatal error') })],
  ['cancelled', ended({ verdict: 'cancelled' })],
  ['timedOut', ended({ verdict: 'timed_out' })],
  ['limited.memory', ended({ verdict: 'limited', limit: 'memory' })],
  ['errored', ended({ verdict: 'errored' })],
  [
    'serverStopped',
    ended({ verdict: 'errored', reason: 'The server was stopped before the run began. Start it again.' }),
  ],
  ['noRace', ended({ verdict: 'errored', reason: 'race runs are not available on this runner' })],
  ['testsFailed', ended({ exitCode: 1 }, { tests: [test('passed'), test('failed')] })],
  ['signal', ended({ exitSignal: 'SIGKILL', exitCode: -1 })],
  ['exitCode', ended({ exitCode: 2 })],
  ['failed', ended({ exitCode: 0 })],
  [
    'notCompiled',
    ended(
      { exitCode: 1 },
      {
        stages: [],
        diagnostics: [problem('compile')],
      },
    ),
  ],
];

describe('how a run ended', () => {
  it.each(cases)('is told by what was measured: %s', (key, fold) => {
    expect(endingOf(fold)?.key).toBe(key);
  });

  it('is a sentence in both languages, and the runner’s words stand beside it only where they say more', () => {
    for (const [, fold] of cases) {
      const ending = endingOf(fold);
      for (const t of [translator('en', en), translator('zh-CN', zhCn)]) {
        const sentence = t(`end.${ending?.key}`, { ...ending?.values, wall: '1 s' });
        expect(sentence).toMatch(/[.。]$/);
        expect(sentence).not.toMatch(/said in English|\{\{/);
      }
    }
    const details = cases.map(([key, fold]) => [key, endingOf(fold)?.detail ?? null]);
    expect(details.filter(([, detail]) => detail !== null).map(([key]) => key)).toEqual([
      'limited.memory',
      'errored',
      'failed',
    ]);
  });

  it('is not told before the end', () => {
    expect(endingOf({ ...ended({}), end: null })).toBeNull();
  });
});
