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
  const ours = async (nth: number): Promise<number> => {
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
    if (nth > WARM_UPS) breakdown.add(answeredAt - beganAt, watched.seen);
    return atMs - beganAt;
  };
  const peers = async (nth: number): Promise<number> => {
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
        measure: 'edit to first output',
        unit: 'ms',
        ours: summarize(pairs.map((pair) => pair.ours)),
        peers: { 'go run, warm': summarize(pairs.map((pair) => pair.peer)) },
        ratio,
        ratioInterval95: interval,
        target: { of: 'ratio', atMost: TARGET_RATIO },
      },
      ...breakdown.rows(),
    ],
    notes: [
      'Ours is measured at the client: from sending the command over HTTP to the first output event seen on socket.io. It holds the wait for the edit to be durable, snapshot, queue, build, sandbox and every hop back.',
      `The peer is \`go run .\` of the same text, from the start of the process to the first byte of its standard output, by the release's own go command (${peer.goroot.split('/').at(-1) ?? ''}) with GOTOOLCHAIN=local. Nothing isolates it.`,
      'Each edit is a text that neither side has compiled before; sides alternate and take turns in going first. Stages are as the events of the run say; some overlap, and the last one goes on after the first output. The interval is of 10,000 resamples of the pairs.',
    ],
  };
}

await runBench('run-latency', measure);
