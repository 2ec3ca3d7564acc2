// `npm run fuzz [seconds] [name]`: every fuzz target of the agent and every test here that makes up hostile bytes, for so
// long each, or those whose name has this in it.
import fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const runner = path.join(root, 'apps', 'runner');
/** They ask for LINEAGE_FUZZ_SECONDS; `npm test` has them for a second or two. */
const specs = ['apps/api/src/features/runs/hostile-agent.spec.ts', 'libs/pprof/src/hostile.spec.ts'];

/** The fuzz targets below a directory, with the package of each. */
export function fuzzTargets(directory = runner) {
  return fs
    .readdirSync(directory, { recursive: true })
    .filter((name) => name.endsWith('_test.go') && !name.includes('testdata'))
    .flatMap((name) =>
      [
        ...fs
          .readFileSync(path.join(directory, name), 'utf8')
          .matchAll(/^func (Fuzz\w+)\(f \*testing\.F\)/gm),
      ].map(([, target]) => ({ target, folder: `./${path.dirname(name)}` })),
    )
    .sort((a, b) => `${a.folder} ${a.target}`.localeCompare(`${b.folder} ${b.target}`));
}

/** The command that fuzzes one target for a time (`60s`) or a number of inputs (`500x`). Go keeps what breaks it as a seed. */
export function fuzzCommand({ target, folder }, length) {
  return {
    args: ['test', '-run', '^$', '-fuzz', `^${target}$`, '-fuzztime', length, folder],
    cwd: runner,
    env: { GOTOOLCHAIN: 'go1.27.4', GOFLAGS: '-mod=readonly', GOWORK: 'off', CGO_ENABLED: '0' },
  };
}

function fuzz(found, seconds) {
  const { args, cwd, env } = fuzzCommand(found, `${seconds}s`);
  return spawnSync('go', args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
}

function fuzzSpec(spec, seconds) {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, LINEAGE_FUZZ_SECONDS: seconds };
  return spawnSync(process.execPath, [vitest, 'run', spec], { cwd: root, env, stdio: 'inherit' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seconds = '60', name = ''] = process.argv.slice(2);
  if (!/^\d+$/.test(seconds)) {
    process.stderr.write('usage: npm run fuzz [seconds for each target] [part of a name]\n');
    process.exit(2);
  }
  const failed = fuzzTargets()
    .filter(({ target }) => target.includes(name))
    .filter((found) => fuzz(found, seconds).status !== 0);
  const broken = specs
    .filter((spec) => spec.includes(name))
    .filter((spec) => fuzzSpec(spec, seconds).status !== 0);
  for (const { target, folder } of failed) process.stdout.write(`broken: ${target} in ${folder}\n`);
  for (const spec of broken) process.stdout.write(`broken: ${spec}\n`);
  process.exitCode = failed.length + broken.length > 0 ? 1 : 0;
}
