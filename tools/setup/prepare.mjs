// Everything between a fresh clone and something that runs. Each part is skipped when its input has not changed.
import fs from 'node:fs';
import path from 'node:path';
import { oneAtATime } from './one-at-a-time.mjs';
import { agentBinary, at, serverNode, slotBinary } from './paths.mjs';
import { forgetInstalled, isInstalledAsLocked } from './installed.mjs';
import { requireDisk, requireGo, requireNode } from './requirements.mjs';
import { run } from './run.mjs';
import { contentHash, isStamped, stamped } from './stamp.mjs';
import { SetupError, step } from './step.mjs';

const PINNED_GO = 'go1.27.4';
/** With which the agent is built, and its tests where they are a program of their own. */
export const GO_BUILD_ENV = {
  CGO_ENABLED: '0',
  GOTOOLCHAIN: PINNED_GO,
  GOFLAGS: '-mod=readonly',
  GOWORK: 'off',
};
const installStamp = at('node_modules/.lineage-installed');
const offline =
  'If this machine has no network, connect it once: packages and the Go toolchain are fetched on the first start only.';

/** Not the running Node: the first start has the system's, later ones find the packaged one on npm's path. */
const installInput = () =>
  contentHash([at('package-lock.json'), at('package.json')], [process.platform, process.arch]);

/** True when the packages are there: by an earlier start, or because somebody ran `npm install`. */
function isInstalled(input) {
  if (isStamped(installStamp, input)) return true;
  if (!isInstalledAsLocked(at())) return false;
  fs.writeFileSync(installStamp, input);
  return true;
}

/** Packages from the lockfile. An interrupted install is begun again. */
export async function install() {
  const input = installInput();
  if (isInstalled(input)) return;
  requireDisk(at(), true);
  await step('install packages', () =>
    oneAtATime(at('.cache/install.pid'), (onStart) =>
      stamped(installStamp, input, () => {
        forgetInstalled(at());
        return run('npm', ['ci', '--no-audit', '--no-fund'], { advice: offline, onStart });
      }),
    ),
  );
}

/** The runner agent, and the Go release and standard library that learners compile with. */
export async function agent() {
  // Slots are made of what Linux has; elsewhere everything but runs works.
  if (process.platform !== 'linux') return;
  const input = contentHash([at('apps/runner')], [process.platform, process.arch]);
  const stamp = `${agentBinary}.stamp`;
  const isBuilt = isStamped(stamp, input) && fs.existsSync(agentBinary) && fs.existsSync(slotBinary);
  if (!isBuilt) {
    fs.rmSync(stamp, { force: true });
    await step('build the runner', () =>
      stamped(stamp, input, () =>
        run('go', ['build', '-trimpath', '-o', `${path.dirname(agentBinary)}/`, './cmd/...'], {
          cwd: at('apps/runner'),
          env: GO_BUILD_ENV,
          advice: offline,
        }),
      ),
    );
  }
  // Cheap when it was done before; it also notices a cleaned module cache.
  const prepareIt = () => run(agentBinary, ['prepare'], { advice: offline });
  await (isBuilt ? prepareIt() : step('prepare Go for learners', prepareIt));
}

/** What exercises import beside the standard library, for tests of it; nothing is done when it has not changed. */
export async function exerciseModules() {
  if (process.platform !== 'linux') return;
  // The race detector comes first: modules are compiled for it too when it is there, as Go's tests need it.
  await run(agentBinary, ['prepare', '--race', '--modules', at('curriculum/modules')], { advice: offline });
}

/** The server and the client. */
export async function bundles() {
  await serverBundle();
  const client = ['src', 'public', 'index.html', 'vite.config.ts'].map((part) => at('apps/web', part));
  await bundle('web', 'build the client', client);
}

/** The server alone: tests of several processes need no client. */
export const serverBundle = () =>
  bundle('api', 'build the server', [at('apps/api/src'), at('apps/api/vite.config.ts')]);

async function bundle(app, name, own) {
  const node = requireServerNode();
  const libs = fs.readdirSync(at('libs')).map((lib) => at('libs', lib, 'src'));
  const stamp = at('apps', app, 'dist/.stamp');
  const value = contentHash([at('package-lock.json'), at('tsconfig.base.json'), ...libs, ...own]);
  const build = () =>
    run(node, [at('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: at('apps', app) });
  if (!isStamped(stamp, value)) await step(name, () => stamped(stamp, value, build));
}

export function requireServerNode() {
  const node = serverNode();
  if (node !== null) return node;
  throw new SetupError(
    `There is no packaged Node 24 for ${process.platform}-${process.arch}, and this one is ${process.versions.node}. Install Node 24 or newer and start again.`,
  );
}

/** All of it. The agent is built while packages are installed: each waits for another thing. */
export async function prepareAll() {
  requireNode();
  requireGo();
  // Before the agent is built beside it: what cannot be finished is not begun.
  if (!isInstalled(installInput())) requireDisk(at(), true);
  const building = agent();
  // Its failure is told when it is waited for, after the packages.
  building.catch(() => {});
  await install();
  await bundles();
  await building;
}
