// From the command to the first output of an edited hello, against `go run` with a warm cache.
import { type Pair, ratioOf, summarize } from './report/statistics.ts';
import { Breakdown } from './run-latency/breakdown.ts';
import { GoRun } from './run-latency/go-run.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { LiveRuns } from './system/live-runs.ts';
import { ask, signInPair } from './system/person.ts';
import { enterRoom } from './system/room-client.ts';
import { openFirst } from './system/workspaces.ts';

const ALTERNATIONS = 30;
/** Pairs before the first that counts: caches of both sides fill. */
const WARM_UPS = 2;
const TARGET_RATIO = 0.65;

/** Long enough for either side to end what it does after its first output. */
const SETTLE_MS = 800;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

/** Build caches of both sides outlive a benchmark: without this an earlier one would have compiled the same texts. */
const nonce = crypto.randomUUID();

/** A program that no cache has seen yet. */
const hello = (whose: string, nth: number): string =>
  `package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("hello", ${nth}, "${whose} ${nonce}")\n}\n`;

async function measure({ system, atEnd, say }: Bench): Promise<Measured> {
  const alternations = numberFlag('samples', ALTERNATIONS);
  const { url } = await system();
  const [person] = await signInPair(url);
  const workspace = await openFirst(person);
  const room = await enterRoom(person, workspace.id);
  atEnd(() => room.leave());
  const runs = await LiveRuns.connect(person);
  atEnd(() => runs.close());
  const peer = new GoRun();
  atEnd(() => peer.remove());

  const breakdown = new Breakdown();
  const atClient: number[] = [];
  const ours = async (nth: number): Promise<number> => {
    await settle();
    room.write('main.go', hello('ours', nth));
    const { lastFrame, connectionId } = room.state;
    const beganAt = performance.now();
    const run = await ask(
      person,
      'startRun',
      { workspaceId: workspace.id },
      { kind: 'run', lastFrame, connectionId },
    );
    const answeredAt = performance.now();
    const watched = runs.watch(run.id);
    const { event, atMs } = await watched.first(({ body }) => body.type === 'output');
    if (event.body.type !== 'output' || !event.body.text.startsWith(`hello ${nth}`))
      throw new Error(`the run printed something else: ${JSON.stringify(event.body)}`);
    await watched.first(({ body }) => body.type === 'end');
    runs.forget(run.id);
    if (nth > WARM_UPS) {
      atClient.push(atMs - beganAt);
      breakdown.add(answeredAt - beganAt, watched.seen);
    }
    return event.atMs;
  };
  const peers = async (nth: number): Promise<number> => {
    await settle();
    peer.edit(hello('peer', nth));
    return peer.firstOutputMs();
  };

  const pairs: Pair[] = [];
  for (let nth = 1; nth <= WARM_UPS + alternations; nth++) {
    // Who goes first changes, so that neither always finds the machine as the other left it.
    const oursFirst = nth % 2 === 0;
    const first = oursFirst ? await ours(nth) : await peers(nth);
    const second = oursFirst ? await peers(nth) : await ours(nth);
    const pair = oursFirst ? { ours: first, peer: second } : { ours: second, peer: first };
    if (nth <= WARM_UPS) continue;
    pairs.push(pair);
    say(`${pairs.length} of ${alternations}: ${pair.ours.toFixed(0)} ms, go run ${pair.peer.toFixed(0)} ms`);
  }
  const { ratio, interval } = ratioOf(pairs);
  return {
    rows: [
      {
        measure: 'command received to first output',
        unit: 'ms',
        ours: summarize(pairs.map((pair) => pair.ours)),
        peers: { 'go run, warm': summarize(pairs.map((pair) => pair.peer)) },
        ratio,
        ratioInterval95: interval,
        target: { of: 'ratio', atMost: TARGET_RATIO },
      },
      { measure: 'the same, at the client', unit: 'ms', ours: summarize(atClient), peers: {} },
      ...breakdown.rows(),
    ],
    notes: [
      'Ours is from the first byte of the command at the server to the first output event it tells everybody, by the server’s clock: the wait for the edit to be durable, snapshot, queue, build, sandbox and the commit are in it. At the client it is from sending the command over HTTP to the event on socket.io.',
      `Before each side ${SETTLE_MS} ms pass, so that what the other one left to do (our next linker, its caches) is no part of it.`,
      `The peer is \`go run .\` of the same text, from the start of the process to the first byte of its standard output, by the release's own go command (${peer.goroot.split('/').at(-1) ?? ''}) with GOTOOLCHAIN=local. Nothing isolates it.`,
      'Each edit is a text that neither side has compiled before; sides alternate and take turns in going first. Stages are as the events of the run say; some overlap, and the last one goes on after the first output. The interval is of 10,000 resamples of the pairs.',
    ],
  };
}

await runBench('run-latency', measure);
