// What a program that writes as fast as it can for 10 s costs the agent's memory and its neighbour.
import { RunKind } from '@lineage/runner-protocol';
import { AgentDesk, sourceFiles } from './agent/agent-desk.ts';
import { ownRow } from './report/report.ts';
import { percentile, summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { pause } from './runs/alternate.ts';
import { cpuWithEndedMs, memoryMiB } from './system/process-cost.ts';

const FLOOD_MS = 10_000;
const NEIGHBOURS = 40;
const SAMPLE_MS = 20;
const BETWEEN_MS = 50;

const flooding = sourceFiles({
  'go.mod': 'module lesson\n\ngo 1.27\n',
  'main.go':
    'package main\n\nimport (\n\t"bytes"\n\t"os"\n)\n\nfunc main() {\n\tline := bytes.Repeat([]byte("flood "), 4096)\n\tfor {\n\t\tos.Stdout.Write(line)\n\t}\n}\n',
});
const neighbour = sourceFiles({
  'go.mod': 'module lesson\n\ngo 1.27\n',
  'main.go': 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("neighbour") }\n',
});

async function measure(bench: Bench): Promise<Measured> {
  const neighbours = numberFlag('samples', NEIGHBOURS);
  const desk = await AgentDesk.open(bench);
  const flood = { runId: 'flood', kind: RunKind.RUN, files: flooding };
  const run = { runId: 'neighbour', kind: RunKind.RUN, files: neighbour };
  const once = async (): Promise<number> =>
    (await desk.perform(run, ({ event }) => event.case === 'output')).firstMs;
  // Both programs are built, and what the agent keeps is there.
  await desk.perform(flood, ({ event }) => event.case === 'end');
  await once();
  await pause(1_000);
  const alone: number[] = [];
  for (let nth = 0; nth < neighbours; nth++) {
    await pause(BETWEEN_MS);
    alone.push(await once());
  }
  const before = memoryMiB(desk.pid).now;
  const watched = watchResident(desk.pid);
  const [beganAt, usedBefore] = [performance.now(), cpuWithEndedMs(desk.pid)];
  const until = performance.now() + FLOOD_MS;
  const ends: string[] = [];
  const floods = (async () => {
    // The limit on output ends each of them; the next one begins at once.
    while (performance.now() < until) {
      const { events } = await desk.perform(flood, ({ event }) => event.case === 'end');
      const last = events.at(-1)?.event;
      ends.push(last?.case === 'end' ? `${last.value.limit}` : 'nothing');
    }
  })();
  const beside: number[] = [];
  while (performance.now() < until) {
    await pause(BETWEEN_MS);
    beside.push(await once());
  }
  await floods;
  const cores = (cpuWithEndedMs(desk.pid) - usedBefore) / (performance.now() - beganAt);
  const growth = watched.end() - before;
  const p95 = (samples: readonly number[]): number =>
    percentile(
      samples.toSorted((a, b) => a - b),
      0.95,
    );
  return {
    rows: [
      {
        ...ownRow('growth of the agent’s resident memory', 'MiB', [growth]),
        target: { of: 'max', atMost: 32 },
      },
      ownRow('cores that the agent and its slots use meanwhile', 'cores', [cores]),
      {
        measure: 'neighbour, request to first output: p95',
        unit: 'ms',
        ours: summarize([p95(beside)]),
        peers: { 'without the flood': summarize([p95(alone)]) },
        ratio: p95(beside) / p95(alone),
        target: { of: 'ratio', atMost: 2 },
      },
      {
        measure: 'neighbour, each',
        unit: 'ms',
        ours: summarize(beside),
        peers: { 'without the flood': summarize(alone) },
      },
    ],
    notes: [
      `${ends.length} floods one after the other for ${FLOOD_MS / 1000} s, ended by: ${[...new Set(ends)].join(', ')}. The client reads everything that the agent sends.`,
      `Memory is VmRSS of the agent, looked at every ${SAMPLE_MS} ms. The neighbour is a program that is built already.`,
    ],
  };
}

function watchResident(pid: number): { end(): number } {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, memoryMiB(pid).now)), SAMPLE_MS);
  return {
    end() {
      clearInterval(timer);
      return most;
    },
  };
}

await runBench('flood', measure);
