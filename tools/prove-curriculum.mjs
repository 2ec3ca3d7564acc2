// Proves every exercise through the real runner: starter red, each fault red at its named check, solution green, again
// and again (`--repeat 10`; 3 by itself); and every source anchor in the pinned Go source. Ends with
// "N passed, N failed".
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadCurriculum } from '../libs/curriculum/src/index.ts';
import { agentBinary, at } from './setup/paths.mjs';

const { values: options } = parseArgs({ options: { repeat: { type: 'string', default: '3' } } });
const repeat = Number(options.repeat);
if (!Number.isInteger(repeat) || repeat < 1)
  throw new Error(`--repeat is a count from 1 on, not ${options.repeat}`);
const runner = process.env.LINEAGE_RUNNER_BIN || agentBinary;
let passed = 0;
let failed = 0;

function prove(name, holds, why) {
  if (holds) passed += 1;
  else failed += 1;
  if (!holds) process.stdout.write(`✗ ${name}: ${why}\n`);
}

/** The runner's own JSON about a graded run of `dir`. */
function grade(dir, checks) {
  const args = ['exec', '--json', '--kind', 'check', '--dir', dir, '--checks', checks];
  const { stdout, stderr } = spawnSync(runner, args, { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (cause) {
    throw new Error(`the runner said nothing that can be read: ${stderr}`, { cause });
  }
}

const said = (result) =>
  [
    result.verdict,
    result.reason,
    ...result.diagnostics.map((d) => `${d.path}:${d.line}: ${d.message}`),
    ...result.tests.map((t) => `${t.name} ${t.outcome}`),
  ].join('; ');

function proveExercise({ dir, id, exercise }) {
  const checks = path.join(dir, 'checks');
  const starter = grade(path.join(dir, 'starter'), checks);
  prove(
    `${id} starter`,
    starter.verdict === 'failed' && starter.diagnostics.length === 0,
    `it should run and fail a check: ${said(starter)}`,
  );
  for (let turn = 1; turn <= repeat; turn++) {
    const solution = grade(path.join(dir, 'solution'), checks);
    const ran = exercise.requiredTests.every((name) =>
      solution.tests.some((test) => test.name === name && test.outcome === 'passed'),
    );
    prove(`${id} solution, turn ${turn}`, solution.verdict === 'passed' && ran, said(solution));
  }
  for (const { patch, check } of exercise.faults) {
    const result = gradeFault(dir, patch, checks);
    const red = result.tests.find((test) => test.name === check);
    // A check that never came to its end is red too: the fault hung it. A run that the runner could not do proves nothing.
    const isRed =
      ['failed', 'timed_out', 'limited'].includes(result.verdict) &&
      ['failed', 'missing'].includes(red?.outcome) &&
      result.diagnostics.length === 0;
    prove(`${id} ${patch}`, isRed, `it should turn ${check} red: ${said(result)}`);
  }
}

function gradeFault(dir, patch, checks) {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-fault-'));
  try {
    fs.cpSync(path.join(dir, 'solution'), copy, { recursive: true });
    execFileSync('git', ['apply', '--unsafe-paths', '-p1', path.join(dir, 'faults', patch)], {
      cwd: copy,
      stdio: 'pipe',
    });
    return grade(copy, checks);
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

function proveAnchors(lessons) {
  const anchors = lessons.flatMap(({ id, anchors: all }) => all.map((anchor) => ({ lesson: id, ...anchor })));
  const { stdout, stderr, status } = spawnSync('go', ['run', '.'], {
    cwd: at('tools/anchors'),
    input: JSON.stringify(anchors),
    encoding: 'utf8',
    env: { ...process.env, GOTOOLCHAIN: 'go1.27.4', GOWORK: 'off', GOFLAGS: '' },
  });
  if (status !== 0) return prove('anchors', false, stderr);
  for (const { lesson, package: name, symbol, found } of JSON.parse(stdout)) {
    prove(`${lesson} ${name}.${symbol}`, found, 'the pinned Go source has no such symbol');
  }
}

const lessons = loadCurriculum(at('curriculum')).chapters.flatMap((chapter) => chapter.lessons);
for (const lesson of lessons) proveExercise(lesson);
proveAnchors(lessons);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
