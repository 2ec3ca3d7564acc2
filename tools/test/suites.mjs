// The suites whose tests are counted one by one, from what their runners report.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { agentBinary, at } from '../setup/paths.mjs';
import { fuzzCommand, fuzzTargets } from '../fuzz.mjs';
import { chromiumPath } from './chromium.mjs';
import { command } from './tally.mjs';

const GO = { GOTOOLCHAIN: 'go1.27.4', GOFLAGS: '-mod=readonly', GOWORK: 'off' };

/** Unit and integration tests of TypeScript; those of the API boot it with a real PostgreSQL and a real agent. */
export async function vitest(node) {
  const report = path.join(os.tmpdir(), `lineage-vitest-${process.pid}.json`);
  const args = [
    at('node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { output, status } = await command(node, args, { env: { PATH: withNode(node), NO_COLOR: '1' } });
  if (!fs.existsSync(report)) return { passed: 0, failed: 1, output };
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
    fs.readFileSync(report, 'utf8'),
  );
  fs.rmSync(report);
  // A file that could not be loaded has no tests to fail; a skipped test is one that did not pass.
  const failed = numFailedTests + numPendingTests;
  const broken = failed === 0 && (status !== 0 || numFailedTestSuites > 0) ? 1 : 0;
  return { passed: numPassedTests, failed: failed + broken, output };
}

/** Tests of what `npm start` and `npm test` are made of; they run without a build, like it. */
export async function toolTests(node) {
  const specs = fs
    .readdirSync(at('tools'), { recursive: true })
    .filter((name) => name.endsWith('.spec.mjs'))
    .map((name) => at('tools', name));
  const { output, status } = await command(node, ['--test', '--test-reporter=tap', ...specs], {
    env: { PATH: withNode(node) },
  });
  const counted = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failed = counted('fail') + counted('cancelled') + counted('skipped') + counted('todo');
  return { passed: counted('pass'), failed: failed === 0 && status !== 0 ? 1 : failed, output };
}

/** A slot holds no shared libraries, and the test's own binary is what the sandbox starts again in it. */
const STATIC = '-ldflags=-linkmode=external -extldflags=-static';

/** On two cores the attacks and the two ways to build take some minutes each; on a loaded machine Go's ten are too few. */
const GO_TIMEOUT = '-timeout=30m';

/** Go's tests with the race detector; fuzz targets run their seeds. */
export async function goTests() {
  const { output, status } = await command(
    'go',
    ['test', '-race', '-count=1', '-json', GO_TIMEOUT, STATIC, './...'],
    {
      cwd: at('apps/runner'),
      env: GO,
    },
  );
  const outcomes = { pass: 0, fail: 0, skip: 0 };
  const words = [];
  const failing = new Set();
  const events = output
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : words.push(line) && []));
  for (const { Action, Test, Package } of events) {
    if (Test === undefined || !(Action in outcomes)) continue;
    outcomes[Action] += 1;
    if (Action === 'fail') failing.add(`${Package} ${Test}`);
  }
  for (const { Action, Output, Test, Package } of events) {
    if (Action === 'output' && (Test === undefined || failing.has(`${Package} ${Test}`)))
      words.push(Output.trimEnd());
    if (Action === 'build-output') words.push(Output.trimEnd());
  }
  const failed = outcomes.fail + outcomes.skip;
  return {
    passed: outcomes.pass,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    output: words.join('\n'),
  };
}

/** How many inputs each fuzz target makes up: a second or two of them. `npm run fuzz` has longer. */
const FUZZ_INPUTS = '3000x';

/** The fuzz targets of the agent's parsers, beyond their seeds. */
export async function fuzzing() {
  let passed = 0;
  const words = [];
  for (const found of fuzzTargets()) {
    const { args, cwd, env } = fuzzCommand(found, FUZZ_INPUTS);
    const { output, status } = await command('go', args, { cwd, env });
    if (status === 0) passed += 1;
    else words.push(`${found.target} in ${found.folder}`, output);
  }
  return { passed, failed: fuzzTargets().length - passed, output: words.join('\n') };
}

/** Every exercise through the runner: starter red, each fault red, solution green. */
export async function curriculum(node) {
  const { output, status } = await command(node, [at('tools/prove-curriculum.mjs')], {
    env: { LINEAGE_RUNNER_BIN: agentBinary },
  });
  return closingLine(output, status);
}

/** Journeys in a real browser against the system as `npm start` starts it. */
export async function endToEnd(node) {
  const report = path.join(os.tmpdir(), `lineage-e2e-${process.pid}.json`);
  const { output, status } = await command(
    node,
    [at('node_modules/@playwright/test/cli.js'), 'test', '--reporter=list,json'],
    {
      cwd: at('e2e'),
      env: {
        PATH: withNode(node),
        CHROME_PATH: await chromiumPath(),
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        NO_COLOR: '1',
      },
    },
  );
  if (!fs.existsSync(report)) return { passed: 0, failed: 1, output };
  const { stats } = JSON.parse(fs.readFileSync(report, 'utf8'));
  fs.rmSync(report);
  const failed = stats.unexpected + stats.skipped + stats.flaky;
  return { passed: stats.expected, failed: failed === 0 && status !== 0 ? 1 : failed, output };
}

function closingLine(output, status) {
  const found = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  if (found === null) return { passed: 0, failed: 1, output };
  const failed = Number(found[2]);
  return { passed: Number(found[1]), failed: failed === 0 && status !== 0 ? 1 : failed, output };
}

export const withNode = (node) => `${path.dirname(node)}${path.delimiter}${process.env.PATH}`;
