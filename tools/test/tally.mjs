import { spawn } from 'node:child_process';
import { root } from '../setup/paths.mjs';

let passed = 0;
let failed = 0;

/** Adds to the counts of the closing line. */
export function count(more) {
  passed += more.passed;
  failed += more.failed;
}

/** Something failed so far. */
export const hasFailed = () => failed > 0;

/** Prints the closing line; true when nothing failed and something ran. */
export function sayTally() {
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0;
}

/** Runs a command; resolves to its status and output, which is shown when it fails. */
export function command(program, args, { env = {}, cwd = root, live = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (live) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => resolve({ status: 127, output: `${program}: ${error.message}` }));
    child.once('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

/**
 * One part of the whole check. `work` resolves to { passed, failed, output }; what throws is one failure.
 * Output is printed for failures only.
 */
export async function part(name, work) {
  const began = Date.now();
  let result;
  try {
    result = await work();
  } catch (error) {
    result = { passed: 0, failed: 1, output: error.stack };
  }
  count(result);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `${result.failed === 0 ? '✓' : '✗'} ${name}: ${result.passed} passed, ${result.failed} failed  (${seconds} s)\n`,
  );
  if (result.failed > 0) process.stdout.write(`${result.output}\n`);
  return result;
}

/** A check that is either right or wrong. */
export const check = (name, program, args, options) =>
  part(name, async () => {
    const { status, output } = await command(program, args, options);
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, output };
  });
