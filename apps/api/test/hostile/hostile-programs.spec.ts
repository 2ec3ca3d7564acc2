import { gzipSync } from 'node:zlib';
import type { Artifact, Cohort, Lesson, Run, RunEvent, Workspace } from '@lineage/contracts';
import { decodeProfile, ProfileDecodeError } from '@lineage/pprof';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import { hearLog, type LogLine } from '../log-lines.ts';
import { openDesk, program, type RunDesk, textOf, wait } from '../runs/run-desk.ts';

const timeout = 120_000;

let desk: RunDesk;
let neighbour: Workspace;
let log: LogLine[];
beforeAll(async () => {
  desk = await openDesk({ LINEAGE_RUN_SECONDS: '5' });
  neighbour = await workspaceOf(desk.cookies.chen);
  log = hearLog();
}, timeout);
afterAll(() => desk.close());

async function workspaceOf(cookie: string): Promise<Workspace> {
  const read = async <T>(at: string): Promise<T> => (await desk.app.request('GET', at, { cookie })).body as T;
  const { cohorts } = await read<{ cohorts: Cohort[] }>('/api/cohorts');
  const { groups, classSessions } = await read<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const { exercise } = await read<Lesson>(`/api/lessons/${classSessions[0]?.lessonIds[0]}`);
  const { id: groupId } = groups.find(({ id }) => id !== desk.workspace.groupId) ?? { id: '' };
  return (await desk.post<Workspace>('/api/workspaces', { groupId, exerciseId: exercise.id }, cookie)).body;
}

/** Runs the program, and the other group's text beside it, which has to pass as if nothing were. */
async function tryOut(
  files: Record<string, string>,
  request: Parameters<RunDesk['press']>[0] = { kind: 'run' },
): Promise<{ run: Run; events: RunEvent[] }> {
  await desk.write(files);
  const pressed = await desk.press(request);
  expect(pressed.status).toBe(200);
  const beside = await desk.app.request('POST', `/api/workspaces/${neighbour.id}/runs`, {
    cookie: desk.cookies.chen,
    body: { kind: 'run' },
    headers: { 'idempotency-key': newId<string>() },
  });
  const { id } = beside.body as Run;
  const ended = await desk.ended(pressed.body.id);
  const state = async (): Promise<string> =>
    ((await desk.app.request('GET', `/api/runs/${id}`, { cookie: desk.cookies.chen })).body as Run).state;
  await expect.poll(state, wait).toMatch(/passed|failed|limited|timed_out|cancelled|errored/);
  expect(await state()).toBe('passed');
  const { state: verdict, limit } = ended.run;
  const line = { level: 'info', message: 'run ended', fields: { runId: ended.run.id, verdict, limit } };
  await expect
    .poll(() => log, wait)
    .toContainEqual(
      expect.objectContaining({
        ...line,
        fields: expect.objectContaining(line.fields),
      }),
    );
  return ended;
}

/** Which of its limits a fork bomb meets first is the machine's to say. */
const forks = '\tself, _ := os.Executable()\n\tfor {\n\t\t_ = exec.Command(self).Start()\n\t}';
const allocates = [
  '\tvar keep [][]byte',
  '\tfor {',
  '\t\tmore := make([]byte, 8<<20)',
  '\t\tfor at := range more {',
  '\t\t\tmore[at] = 1',
  '\t\t}',
  '\t\tkeep = append(keep, more)',
  '\t}',
].join('\n');

it.each([
  ['never ends', '\tfor {\n\t}', [], { state: 'timed_out', limit: null, reason: /5s/ }],
  [
    'forks without end',
    forks,
    ['os', 'os/exec'],
    { state: 'limited', limit: expect.stringMatching(/pids|cpu/), reason: /processes|CPU/ },
  ],
  ['allocates without end', allocates, [], { state: 'limited', limit: 'memory', reason: /MiB of memory/ }],
] as const)(
  'a program that %s is ended with the limit it reached',
  { timeout },
  async (_, body, imports, end) => {
    const { run } = await tryOut(program(body, imports));
    expect(run).toMatchObject({ ...end, reason: expect.stringMatching(end.reason) });
  },
);

it(
  'a program that prints 100 MB is shown its beginning and end, and what is left out',
  { timeout },
  async () => {
    const printing =
      '\tfmt.Println("first")\n\tfor range 100 {\n\t\tos.Stdout.Write(bytes.Repeat([]byte("x"), 1_000_000))\n\t}\n\tfmt.Println("\\nlast")';
    const { run, events } = await tryOut(program(printing, ['bytes', 'fmt', 'os']));
    expect(run).toMatchObject({ state: 'passed', limit: null });
    const text = textOf(events);
    expect([text.slice(0, 6), text.slice(-6)]).toEqual(['first\n', '\nlast\n']);
    const dropped = events.reduce(
      (sum, { body }) => sum + (body.type === 'output' ? body.droppedBefore : 0),
      0,
    );
    expect(text.length).toBeLessThan(2 * 1024 * 1024);
    expect(text.length + dropped).toBe('first\n'.length + 100_000_000 + '\nlast\n'.length);
  },
);

it('a program that deletes its own directory hurts itself alone', { timeout }, async () => {
  const deleting =
    '\there, _ := os.Getwd()\n\tos.WriteFile("mine.txt", nil, 0o644)\n\tentries, _ := os.ReadDir(here)\n\tfor _, entry := range entries {\n\t\tos.RemoveAll(entry.Name())\n\t}\n\tos.RemoveAll(here)\n\tos.RemoveAll("/")\n\t_, err := os.ReadFile("main.go")\n\tfmt.Println(os.IsNotExist(err))';
  const { run, events } = await tryOut(program(deleting, ['fmt', 'os']));
  expect([run.state, textOf(events)]).toEqual(['passed', 'true\n']);
});

it('lines and frames that pretend to be ours are only output', { timeout }, async () => {
  const lines = [
    '{"event":"end","verdict":"passed"}',
    '{"Action":"pass","Test":"TestForged"}',
    '--- PASS: TestForged (0.00s)',
    'PASS',
  ];
  const forging = [
    '\tfor fd := 3; fd < 32; fd++ {',
    '\t\tf := os.NewFile(uintptr(fd), "")',
    '\t\tf.Write([]byte("e\\x00\\x00\\x00\\x00{\\"verdict\\":\\"passed\\"}\\n"))',
    '\t}',
    ...lines.map((line) => `\tfmt.Println(\`${line}\`)`),
    '\tos.Exit(3)',
  ].join('\n');
  const { run, events } = await tryOut(program(forging, ['fmt', 'os']));
  expect(run).toMatchObject({ state: 'failed', exitCode: 3, tests: null, artifacts: [] });
  expect(textOf(events)).toBe(`${lines.join('\n')}\n`);
});

it('a check is not passed by saying so', { timeout }, async () => {
  const saying = `package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {}\n\nfunc init() {\n\tfmt.Println("--- PASS: TestForged\\nPASS")\n\tos.Exit(0)\n}\n`;
  const { run } = await tryOut({ 'main.go': saying }, { kind: 'check' });
  expect(run).toMatchObject({ state: 'failed', kind: 'check' });
});

/** Takes the harness's descriptor and leaves before the harness can speak. */
const forgedProfiles = (frames: readonly (readonly [string, Uint8Array])[]): string =>
  [
    ...frames.map(([kind, bytes]) => `\tsend('${kind}', "${Buffer.from(bytes).toString('base64')}")`),
    '\tsyscall.Exit(0)',
    '}',
    '',
    'func send(kind byte, text string) {',
    '\tdata, _ := base64.StdEncoding.DecodeString(text)',
    '\tframe := append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(data))), data...)',
    '\tfor fd := 3; fd < 16; fd++ {',
    '\t\tif path, _ := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd)); strings.HasPrefix(path, "pipe:") {',
    '\t\t\tsyscall.Write(fd, frame)',
    '\t\t}',
    '\t}',
  ].join('\n');

it('a profile that is cut short or a bomb is kept as a file and drawn by nobody', { timeout }, async () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
  const cut = gzipSync(Buffer.from('a profile that ends before it has begun')).subarray(0, 30);
  const { run } = await tryOut(
    program(
      forgedProfiles([
        ['h', bomb],
        ['a', cut],
      ]),
      ['encoding/base64', 'encoding/binary', 'fmt', 'os', 'strings', 'syscall'],
    ),
    { kind: 'run', signals: ['heap', 'allocs'] },
  );
  expect(run).toMatchObject({ state: 'passed', hot: null });
  expect(run.artifacts.map(({ name }) => name)).toEqual(['heap.pb.gz', 'allocs.pb.gz']);
  expect(log.filter(({ message }) => message === 'profile could not be summarised')).toHaveLength(2);
  const [heap, allocs] = await Promise.all(run.artifacts.map(problemOf));
  expect([heap, allocs]).toEqual(['bomb', 'truncated']);
});

/** What a page that shows the artifact is told. */
async function problemOf({ id }: Artifact): Promise<string> {
  const answer = await fetch(`${desk.app.url}/api/artifacts/${id}/content`, {
    headers: { cookie: desk.cookies.ana },
  });
  const decoded = await decodeProfile(new Uint8Array(await answer.arrayBuffer())).catch(
    (error: unknown) => error,
  );
  return decoded instanceof ProfileDecodeError ? decoded.code : 'a profile';
}
