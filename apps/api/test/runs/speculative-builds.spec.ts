import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connect, type TestSocket } from '../socket.ts';
import { openDesk, type RunDesk, wait } from './run-desk.ts';

type Checked = { snapshotHash: string; diagnostics: { path: string; line: number; message: string }[] };

let desk: RunDesk;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  desk = await openDesk();
}, 120_000);
afterAll(async () => {
  for (const { io } of sockets) io.close();
  await desk.close();
});

async function watcher(who: 'ana' | 'bo' | 'chen'): Promise<{ heard: Checked[]; answer: unknown }> {
  const socket = await connect(desk.app.url, desk.cookies[who]);
  sockets.push(socket);
  const heard: Checked[] = [];
  socket.io.on('workspace.diagnostics', (checked) => heard.push(checked));
  return { heard, answer: await socket.watch({ stream: 'workspace', id: desk.workspace.id }) };
}

const program = (line: string): Record<string, string> => ({
  'main.go': `package main\n\nimport "fmt"\n\nfunc main() {\n\t${line}\n}\n`,
});

it('says what does not compile when people pause, to who is there and to who comes late', async () => {
  const bo = await watcher('bo');
  const stranger = await watcher('chen');
  await desk.write(program('fmt.Println(missing)'));
  await vi.waitFor(() => expect(bo.heard.at(-1)?.diagnostics).toHaveLength(1), wait);
  expect(bo.heard.at(-1)?.diagnostics[0]).toMatchObject({
    path: 'main.go',
    line: 6,
    message: expect.stringContaining('missing'),
  });
  const late = await watcher('ana');
  await vi.waitFor(() => expect(late.heard).toEqual([bo.heard.at(-1)]), wait);
  expect(stranger.answer).toMatchObject({ ok: false, code: 'not_found' });
  expect(stranger.heard).toEqual([]);
  await desk.write(program('fmt.Println("found")'));
  await vi.waitFor(() => expect(bo.heard.at(-1)?.diagnostics).toEqual([]), wait);
}, 120_000);

it('has the program there when Run is pressed', async () => {
  const bo = await watcher('bo');
  const text = `fmt.Println("built before anybody pressed Run", ${Date.now()})`;
  const before = bo.heard.length;
  await desk.write(program(text));
  await vi.waitFor(() => expect(bo.heard.length).toBeGreaterThan(before), wait);
  await vi.waitFor(() => expect(bo.heard.at(-1)?.diagnostics).toEqual([]), wait);
  const { body } = await desk.press({ kind: 'run' });
  const { run, events } = await desk.ended(body.id);
  expect(run.state).toBe('passed');
  expect(run.snapshotHash).toBe(bo.heard.at(-1)?.snapshotHash);
  const built = events.find(
    (event) => event.body.type === 'stage' && event.body.stage === 'compile' && event.body.finished,
  );
  expect(built?.body).toMatchObject({ detail: 'cached' });
  const metrics = await (await fetch(`${desk.app.url}/metrics`)).text();
  expect(metrics).toMatch(/lineage_speculative_runs_total\{found="built"\} [1-9]/);
}, 120_000);

it('says what vet finds in text that compiles, and takes it back when it is mended', async () => {
  // What vet needs is there after the first run of it.
  const { body } = await desk.press({ kind: 'vet' });
  await desk.ended(body.id);
  const bo = await watcher('bo');
  await desk.write(program(`fmt.Printf("%d\\n", "${Date.now()}")`));
  await vi.waitFor(
    () => expect(bo.heard.at(-1)?.diagnostics).toMatchObject([{ path: 'main.go', line: 6, source: 'vet' }]),
    wait,
  );
  await desk.write(program(`fmt.Printf("%s\\n", "${Date.now()}")`));
  await vi.waitFor(() => expect(bo.heard.at(-1)?.diagnostics).toEqual([]), wait);
}, 180_000);
