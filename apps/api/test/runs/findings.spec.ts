import type { RunEvent, RunEventBody, RunKind } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDesk, program, type RunDesk, textOf } from './run-desk.ts';

// A race detector and go vet are prepared once for each machine, from Go's own source.
const timeout = 240_000;

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk();
}, timeout);
afterAll(() => desk.close());

type Body<T extends RunEventBody['type']> = Extract<RunEventBody, { type: T }>;
const told = <T extends RunEventBody['type']>(events: readonly RunEvent[], type: T): Body<T>[] =>
  events.flatMap(({ body }) => (body.type === type ? [body as Body<T>] : []));

async function of(kind: RunKind, files: Record<string, string>) {
  await desk.write(files);
  return desk.ended((await desk.press({ kind })).body.id, timeout);
}

it('vets: what it finds names the rule, and nothing is executed', { timeout }, async () => {
  const { run, events } = await of('vet', program('\tfmt.Printf("%d\\n", "x")'));
  expect(run).toMatchObject({ kind: 'vet', state: 'failed', reason: 'vet found a problem' });
  expect(told(events, 'diagnostic')).toMatchObject([
    { path: 'main.go', line: 6, source: 'vet', rule: 'printf' },
  ]);
  expect(told(events, 'output')).toEqual([]);
});

it('formats: gives the whole files that differ', { timeout }, async () => {
  const { run, events } = await of('format', { 'main.go': 'package main\nfunc main() {\nprintln( 1 )\n}\n' });
  expect(run.state).toBe('passed');
  expect(told(events, 'formatted')).toEqual([
    { type: 'formatted', path: 'main.go', content: 'package main\n\nfunc main() {\n\tprintln(1)\n}\n' },
  ]);
});

it('builds: says what the compiler decided of each line', { timeout }, async () => {
  const { run, events } = await of('build', {
    'main.go':
      'package main\n\nfunc leak(n int) *int {\n\treturn &n\n}\n\nfunc at(s []int, i int) int {\n\treturn s[i]\n}\n\nfunc main() { println(*leak(1), at(nil, 0)) }\n',
  });
  expect(run.state).toBe('passed');
  const remarks = told(events, 'remarks').flatMap((body) => body.remarks);
  expect(remarks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ path: 'main.go', line: 3, kind: 'heap' }),
      expect.objectContaining({ path: 'main.go', line: 8, kind: 'bounds_check' }),
      expect.objectContaining({ path: 'main.go', line: 11, kind: 'inlined' }),
    ]),
  );
});

it('takes a crash apart into goroutines and calls of the workspace', { timeout }, async () => {
  const { run, events } = await of('run', program('\tgo func() { panic("boom") }()\n\tselect {}', []));
  expect(run).toMatchObject({ state: 'failed', exitCode: 2 });
  const [crash] = told(events, 'crash');
  expect(crash).toMatchObject({ kind: 'panic', message: 'boom', truncated: false });
  expect(crash?.goroutines[0]).toMatchObject({ createdBy: { path: 'main.go', line: 5, inWorkspace: true } });
  expect(crash?.goroutines[0]?.stack.frames.find(({ inWorkspace }) => inWorkspace)).toMatchObject({
    path: 'main.go',
    line: 5,
  });
});

it('takes the report of a race apart into both accesses', { timeout }, async () => {
  const { run, events } = await of(
    'race',
    program(
      '\tn := 0\n\tdone := make(chan bool)\n\tgo func() {\n\t\tn++\n\t\tdone <- true\n\t}()\n\tn++\n\t<-done',
      [],
    ),
  );
  expect(run.state).toBe('failed');
  const [race] = told(events, 'race');
  const lines = race?.accesses.map(({ stack }) => stack.frames.find(({ inWorkspace }) => inWorkspace)?.line);
  expect(lines?.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([8, 11]);
  expect(race?.accesses.some(({ write }) => write)).toBe(true);
  expect(race?.accesses.every(({ address }) => /^0x[0-9a-f]+$/.test(address))).toBe(true);
});

it('builds for other systems: says what came out for each', { timeout }, async () => {
  await desk.write({
    ...program('\tprintln(name)', []),
    'name_linux.go': 'package main\n\nconst name = "linux"\n',
  });
  const { body } = await desk.press({ kind: 'cross', targets: ['linux/amd64', 'wasip1/wasm'] });
  const { run, events } = await desk.ended(body.id, timeout);
  expect(run).toMatchObject({ kind: 'cross', state: 'failed' });
  const [linux, wasm] = told(events, 'cross_built');
  expect(linux).toMatchObject({ target: 'linux/amd64', built: true, format: 'ELF', static: true });
  expect(linux?.sizeBytes).toBeGreaterThan(500_000);
  expect(wasm).toMatchObject({ target: 'wasip1/wasm', built: false, format: null });
  expect(wasm?.diagnostics).toMatchObject([{ path: 'main.go', line: 5 }]);
});

it('builds with an experiment of Go, and says so', { timeout }, async () => {
  await desk.write(program('\tprintln(runtime.Version())', ['runtime']));
  const { body } = await desk.press({ kind: 'run', goExperiment: 'nogreenteagc' });
  const { run, events } = await desk.ended(body.id, timeout);
  expect(run.state).toBe('passed');
  expect(textOf(events)).toMatch(/X:nogreenteagc\n$/);
  expect(told(events, 'given')).toMatchObject([{ goExperiment: 'nogreenteagc' }]);
});

it('tells the releases of Go that there are, and builds with no other', { timeout }, async () => {
  const at = `/api/workspaces/${desk.workspace.id}/go-versions`;
  const { body } = await desk.app.request('GET', at, { cookie: desk.cookies.ana });
  expect((body as { versions: string[] }).versions[0]).toMatch(/^go1\.\d+\.\d+$/);
  await desk.write(program('\tprintln(1)', []));
  const { run, events } = await desk.ended(
    (await desk.press({ kind: 'run', goVersion: 'go1.25.1' })).body.id,
    timeout,
  );
  expect(run).toMatchObject({ state: 'errored', reason: expect.stringContaining('has prepared no Go but') });
  expect(told(events, 'given')).toMatchObject([{ goVersion: 'go1.25.1' }]);
});
