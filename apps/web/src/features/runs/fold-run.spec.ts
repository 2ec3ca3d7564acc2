import { runIdSchema, type RunEvent, type RunEventBody } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { ansiSpans, sourceLinks } from './ansi.ts';
import { foldRun } from './fold-run.ts';
import { outputLines } from './output-lines.ts';

const runId = runIdSchema.parse('01890000-0000-7000-8000-000000000001');
const events = (...bodies: RunEventBody[]): RunEvent[] =>
  bodies.map((body, at) => ({ runId, seq: at + 1, atMs: at, body }));
const out = (text: string, droppedBefore = 0): RunEventBody => ({
  type: 'output',
  stream: 'stdout',
  text,
  droppedBefore,
});

describe('the fold of a run', () => {
  it('makes a tree of tests, with the last outcome of each', () => {
    const test = (name: string, outcome: 'started' | 'passed' | 'failed'): RunEventBody => ({
      type: 'test',
      name,
      outcome,
      durationMs: 1,
      output: '',
    });
    const { tests } = foldRun(
      events(
        test('TestA', 'started'),
        test('TestA/one', 'failed'),
        test('TestA', 'failed'),
        test('TestB', 'passed'),
      ),
    );
    expect(tests).toMatchObject([
      { name: 'TestA', outcome: 'failed', tests: [{ name: 'one', outcome: 'failed' }] },
      { name: 'TestB', outcome: 'passed' },
    ]);
  });

  it('puts lines together that came in pieces, folds repeats and says what is missing', () => {
    const { output } = foldRun(events(out('hel'), out('lo\n'), out('x\nx\nx\nx\n'), out('end', 5)));
    expect(outputLines(output)).toMatchObject([
      { text: 'hello', count: 1 },
      { text: 'x', count: 4 },
      { missing: 5 },
      { text: 'end', count: 1 },
    ]);
  });
});

describe('records of the runtime', () => {
  const sched = { atMs: 1, gomaxprocs: 2, idleProcs: 1, threads: 5, spinningThreads: 0, idleThreads: 3 };
  const records = (part: object): RunEventBody => ({
    type: 'records',
    gc: [],
    sched: [],
    inits: [],
    leftOut: 0,
    ...part,
  });

  it('are kept in order, of each kind, and those that are left out are counted', () => {
    const init = { package: 'os', atMs: 0.2, clockMs: 0.01, bytes: 10, allocs: 1 };
    const line = { ...sched, globalQueue: 0, localQueues: [0, 1], ticks: [3, 4] };
    const fold = foldRun(
      events(
        records({ inits: [init], sched: [line], leftOut: 2 }),
        records({ sched: [{ ...line, atMs: 101 }], leftOut: 5 }),
      ),
    );
    expect(fold.inits).toEqual([init]);
    expect(fold.sched.map(({ atMs }) => atMs)).toEqual([1, 101]);
    expect(fold.recordsLeftOut).toBe(7);
    expect(fold.gc).toEqual([]);
  });
});

describe('the text of a terminal', () => {
  it('keeps colours and drops everything else that a terminal would obey', () => {
    expect(ansiSpans('\u001b[31mred\u001b[0m plain\u001b]0;title\u0007\u001b[2J')).toEqual([
      { text: 'red', colour: 1, bold: false, underlined: false },
      { text: ' plain', colour: null, bold: false, underlined: false },
    ]);
    expect(ansiSpans('a\u202eb\u0008c')[0]?.text).toBe('abc');
  });

  it('brings colours of larger palettes to the nearest, and takes none of their numbers for another code', () => {
    const styleOf = (codes: string) => ansiSpans(`\u001b[${codes}mx`)[0];
    expect(styleOf('38;5;9')).toMatchObject({ colour: 1, bold: false });
    expect(styleOf('38;5;46')).toMatchObject({ colour: 2 });
    expect(styleOf('38:5:21')).toMatchObject({ colour: 4 });
    expect(styleOf('38;2;250;200;40;4')).toMatchObject({ colour: 3, underlined: true });
    expect(styleOf('48;2;1;4;31')).toMatchObject({ colour: null, bold: false, underlined: false });
    expect(styleOf('1;48;5;1;35')).toMatchObject({ colour: 5, bold: true });
    expect(styleOf('38;5')).toMatchObject({ colour: 0 });
  });

  it('finds places in the source', () => {
    expect(sourceLinks('\tmain.go:12:3: undefined')).toMatchObject([{ file: 'main.go', line: 12 }]);
    expect(sourceLinks('/work/sub/x.go:7 +0x1d')).toMatchObject([{ file: 'sub/x.go', line: 7 }]);
    expect(sourceLinks('https://go.dev:80')).toEqual([]);
  });
});
