// `npm test`: sets everything up, runs every check and every test, and ends with "N passed, N failed". With `--cluster`
// the tests that need a Kubernetes are run too, where one can be had.
import { agent, exerciseModules, install, requireServerNode } from './setup/prepare.mjs';
import { at } from './setup/paths.mjs';
import { requireGo, requireNode } from './setup/requirements.mjs';
import { endCommands } from './setup/run.mjs';
import { SetupError, step } from './setup/step.mjs';
import { clusterPart } from './test-cluster/cluster-part.mjs';
import { chromiumPath } from './test/chromium.mjs';
import { fullPostgres } from './test/full-postgres.mjs';
import { redisPath } from './test/redis.mjs';
import { curriculum, endToEnd, fuzzing, goTests, toolTests, vitest, withNode } from './test/suites.mjs';
import { check, part, sayTally } from './test/tally.mjs';

const GO = { GOTOOLCHAIN: 'go1.27.4', GOFLAGS: '-mod=readonly', GOWORK: 'off' };

async function main() {
  requireNode();
  requireGo();
  const building = agent();
  building.catch(() => {});
  await install();
  await building;
  await step('prepare modules of exercises', exerciseModules);
  await step('find a browser', chromiumPath);
  await step('find a Redis', redisPath);
  await step('find a PostgreSQL with pg_dump', fullPostgres);
  const node = requireServerNode();
  await Promise.all([staticChecks(node), goChecks()]);
  await part('curriculum through the runner', () => curriculum(node));
  await part('setting up and starting', () => toolTests(node));
  await part('unit and integration', () => vitest(node));
  await part('end to end in a browser', () => endToEnd(node));
  if (process.argv.includes('--cluster')) await clusterPart();
}

async function staticChecks(node) {
  const env = { PATH: withNode(node), NX_DAEMON: 'false' };
  const tool = (file, ...args) => [at('node_modules', file), ...args];
  await check('types', node, tool('typescript/bin/tsc', '-b'), { env });
  // The boundary rules need the project graph on disk; without it they would be silent.
  await check('projects', node, tool('nx/dist/bin/nx.js', 'show', 'projects'), { env });
  await check(
    'lint',
    node,
    tool(
      'eslint/bin/eslint.js',
      '--max-warnings',
      '0',
      '--no-error-on-unmatched-pattern',
      '--pass-on-no-patterns',
      'apps',
      'libs',
      'e2e',
      'bench',
    ),
    { env },
  );
  await check('boundaries are enforced', node, [at('tools/test/boundaries.mjs')], { env });
  await check('format', node, tool('prettier/bin/prettier.cjs', '--check', '.'), { env });
  await check('one yjs', node, [at('tools/test/one-yjs.mjs')]);
  await check('licences', node, [at('tools/test/licences.mjs')]);
  await check('.env.example', node, [at('tools/env-example.mjs'), '--check'], { env });
  await check('images and compose', node, [at('tools/test/deployment.mjs')]);
  await check('generated protocol', node, [at('libs/runner-protocol/generate.mjs'), '--check'], { env });
}

async function goChecks() {
  const cwd = at('apps/runner');
  await check('gofmt', 'bash', ['-c', 'out=$(gofmt -l .); echo "$out"; test -z "$out"'], { cwd, env: GO });
  await check('go vet', 'go', ['vet', './...'], { cwd, env: GO });
  await part('Go with -race', goTests);
  await part('fuzzing', fuzzing);
}

main()
  .catch((error) => {
    process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
    return part('set-up', () => Promise.reject(error));
  })
  .finally(() => {
    endCommands();
    if (!sayTally()) process.exitCode = 1;
  });
