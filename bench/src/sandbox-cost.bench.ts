// What a slot adds to starting a program: in a slot that was made before, minus the same program as it is.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const SAMPLES = 200;
const TARGET_MS = 4;
const runner = path.resolve(import.meta.dirname, '../../apps/runner');

async function measure({ say, atEnd }: Bench): Promise<Measured> {
  const count = numberFlag('samples', SAMPLES);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-bench-slot-'));
  atEnd(() => fs.rmSync(dir, { recursive: true, force: true }));
  const [binary, samples] = [path.join(dir, 'sandbox.test'), path.join(dir, 'samples')];
  const env = { ...process.env, CGO_ENABLED: '0', LINEAGE_SAMPLES: samples };
  say('building the benchmark');
  execFileSync('go', ['test', '-c', '-o', binary, './internal/sandbox'], { cwd: runner, env });
  execFileSync(binary, ['-test.run=^$', '-test.bench=^BenchmarkSlot$', `-test.benchtime=${count}x`], {
    cwd: dir,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pairs = fs
    .readFileSync(samples, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map((micros) => Number(micros) / 1000))
    .map(([slotted = NaN, bare = NaN]) => ({ slotted, bare }));
  return {
    rows: [
      {
        measure: 'a slot adds',
        unit: 'ms',
        ours: summarize(pairs.map(({ slotted, bare }) => slotted - bare)),
        peers: {},
        target: { of: 'median', atMost: TARGET_MS },
      },
      {
        measure: 'start to end, and nothing left',
        unit: 'ms',
        ours: summarize(pairs.map(({ slotted }) => slotted)),
        peers: { 'as it is': summarize(pairs.map(({ bare }) => bare)) },
      },
    ],
    notes: [
      'A static Go program that does nothing, in turn. The slot has namespaces, Landlock, seccomp and limits, and was made before; its time ends when nothing of it is left.',
    ],
  };
}

await runBench('sandbox-cost', measure);
