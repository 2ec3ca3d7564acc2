import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk, program, type RunDesk, textOf } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk();
}, timeout);
afterAll(() => desk.close());

describe('a run with options', () => {
  it('gets its arguments, its environment and all of its input', { timeout }, async () => {
    await desk.write(
      program(
        '\tin, _ := io.ReadAll(os.Stdin)\n\tfmt.Println(os.Args[1:], os.Getenv("GOGC"), runtime.GOMAXPROCS(0), string(in))',
        ['fmt', 'io', 'os', 'runtime'],
      ),
    );
    const { body } = await desk.press({
      kind: 'run',
      args: ['a b', '--x'],
      env: { GOGC: '50', GOMAXPROCS: '1' },
      stdin: 'all there is',
    });
    const { run, events } = await desk.ended(body.id);
    expect(run.state).toBe('passed');
    expect(textOf(events)).toBe('[a b --x] 50 1 all there is\n');
  });

  it('runs one test by its pattern', { timeout }, async () => {
    await desk.write({
      'a.go': 'package a\n',
      'a_test.go':
        'package a\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n\nfunc TestTwo(t *testing.T) {\n\tt.Run("x", func(*testing.T) {})\n\tt.Run("y", func(*testing.T) {})\n}\n',
    });
    const { events } = await desk.ended(
      (await desk.press({ kind: 'test', pattern: '^TestTwo$/^y$' })).body.id,
    );
    const names = events.flatMap(({ body }) => (body.type === 'test' ? [body.name] : []));
    expect([...new Set(names)].toSorted()).toEqual(['TestTwo', 'TestTwo/y']);
  });

  it('counts what of the code its tests ran', { timeout }, async () => {
    await desk.write({
      'a.go': 'package a\n\nfunc abs(n int) int {\n\tif n < 0 {\n\t\treturn -n\n\t}\n\treturn n\n}\n',
      'a_test.go':
        'package a\n\nimport "testing"\n\nfunc TestAbs(*testing.T) {\n\tabs(1)\n\tpanic("end")\n}\n',
    });
    const { run, events } = await desk.ended(
      (await desk.press({ kind: 'test', testing: { coverage: true } })).body.id,
    );
    expect(run.state).toBe('failed');
    expect(events.flatMap(({ body }) => (body.type === 'coverage' ? [body] : []))).toMatchObject([
      {
        path: 'a.go',
        blocks: [
          [4, 2, 4, 11, 1, 1],
          [5, 3, 5, 12, 1, 0],
          [7, 2, 7, 10, 1, 1],
        ],
        lineSums: { length: 9 },
      },
    ]);
  });

  it('fuzzes one target, and tells the input that fails', { timeout }, async () => {
    await desk.write({
      'a.go': 'package a\n',
      'a_test.go':
        'package a\n\nimport "testing"\n\nfunc FuzzShort(f *testing.F) {\n\tf.Add("a")\n\tf.Fuzz(func(t *testing.T, s string) {\n\t\tif len(s) > 3 {\n\t\t\tt.Fatal(s)\n\t\t}\n\t})\n}\n',
    });
    const { run, events } = await desk.ended(
      (await desk.press({ kind: 'test', testing: { fuzz: 'FuzzShort', fuzzMs: 30_000 } })).body.id,
      timeout,
    );
    expect(run).toMatchObject({
      state: 'failed',
      reason: 'fuzzing found an input with which FuzzShort fails',
    });
    const found = events.flatMap(({ body }) => (body.type === 'fuzz_failure' ? [body] : []));
    expect(found).toHaveLength(1);
    expect(found[0]?.path).toMatch(/^testdata\/fuzz\/FuzzShort\/[0-9a-f]{16}$/);
    expect(found[0]?.content).toMatch(/^go test fuzz v1\nstring\(/);
  });

  it('is refused what is not in the list, and signals where nothing is executed', async () => {
    const bad: object[] = [
      { kind: 'run', env: { PATH: '/' } },
      { kind: 'run', env: { GOGC: '50; rm' } },
      { kind: 'run', env: { GOMAXPROCS: '0' } },
      { kind: 'run', env: { GODEBUG: 'a=b c' } },
      { kind: 'run', stdin: 'x'.repeat(16_385) },
      { kind: 'vet', signals: ['cpu'] },
      { kind: 'bench', testing: { coverage: true } },
    ];
    for (const request of bad)
      expect(await desk.press(request as never), JSON.stringify(request)).toMatchObject({
        status: 400,
        body: { code: 'bad_request' },
      });
  });
});
