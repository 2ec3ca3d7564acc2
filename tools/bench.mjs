// `npm run bench -- <name>`: sets up what it needs, runs one benchmark on the system's Node, and ends with it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { agent, bundles, exerciseModules, install, requireServerNode } from './setup/prepare.mjs';
import { at } from './setup/paths.mjs';
import { requireGo, requireNode } from './setup/requirements.mjs';
import { endCommands } from './setup/run.mjs';
import { SetupError, step } from './setup/step.mjs';
import { chromiumPath } from './test/chromium.mjs';

const SUFFIX = '.bench.ts';
/** Benchmarks whose programs import modules of third parties. */
const WITH_MODULES = new Set(['run-latency']);

async function main([name, ...flags]) {
  const names = benchNames();
  if (name === undefined) return list(names);
  if (!names.includes(name)) {
    list(names);
    throw new SetupError(`There is no benchmark named "${name}".`);
  }
  requireNode();
  requireGo();
  await install();
  await agent();
  await bundles();
  if (WITH_MODULES.has(name)) await step('prepare modules of exercises', exerciseModules);
  const code = await run(name, flags);
  process.exitCode = code;
}

const benchNames = () =>
  fs
    .readdirSync(at('bench/src'))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();

/** Each benchmark's first line says what it measures. */
function list(names) {
  const lines = names.map((name) => {
    const [first = ''] = fs.readFileSync(at('bench/src', name + SUFFIX), 'utf8').split('\n');
    return `  ${name.padEnd(14)} ${first.replace(/^\/\/ /, '')}`;
  });
  process.stdout.write(['npm run bench -- <name>', '', ...lines, ''].join('\n'));
}

async function run(name, flags) {
  const node = requireServerNode();
  const env = {
    ...process.env,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
    CHROME_PATH: await chromiumPath(),
    GOTOOLCHAIN: 'go1.27.4',
  };
  // Of a group of its own: the benchmark ends what it started itself, once, when we hand the signal on.
  const child = spawn(node, [at('bench/src', name + SUFFIX), ...flags], {
    cwd: at(),
    env,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
  endCommands();
  process.exitCode = 1;
});
