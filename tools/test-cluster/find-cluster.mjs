import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';
import { step } from '../setup/step.mjs';
import { API_IMAGE, apiImage } from './api-image.mjs';
import { IMAGE, runnerImage } from './runner-image.mjs';

/** A cluster takes seconds to come up; one that takes longer would only hold the other tests up. */
const LEAST_FREE_MEMORY = 4 * 1024 ** 3;

/**
 * A cluster to test on: `{ env, kubectl, end }`, or `{ missing }`, a sentence that says why there is none. One that could
 * not be brought up is missing: what this machine cannot do is no fault of the code.
 */
export async function findCluster() {
  if (process.env.KUBECONFIG) return given();
  if (process.env.LINEAGE_CLUSTER_UP) return broughtUp(process.env.LINEAGE_CLUSTER_UP.split(' '));
  return beside();
}

/** Somebody's cluster: its image is theirs too, since nothing of ours reaches its machines. */
function given() {
  const { KUBECONFIG, LINEAGE_POOL_IMAGE, LINEAGE_POD_CACHE_DIR = '/var/cache/lineage/runner' } = process.env;
  if (!LINEAGE_POOL_IMAGE)
    return {
      missing: 'KUBECONFIG is set; LINEAGE_POOL_IMAGE has to name a runner image that this cluster can pull.',
    };
  return {
    env: { KUBECONFIG, LINEAGE_POOL_IMAGE, LINEAGE_POD_CACHE_DIR },
    kubectl: ['kubectl'],
    end: () => Promise.resolve(),
  };
}

async function broughtUp(command) {
  try {
    const said = await step('bring up a cluster', () => run(command[0], command.slice(1)));
    const kubeconfig = /KUBECONFIG=(\S+)/.exec(said)?.[1];
    if (kubeconfig === undefined) return { missing: `${command[0]} did not say KUBECONFIG=<file>.` };
    process.env.KUBECONFIG = kubeconfig;
    return given();
  } catch (error) {
    return { missing: `The cluster could not be brought up: ${error.message}` };
  }
}

/** The one-node cluster of the folder beside this clone, for which we make the image ourselves. */
async function beside() {
  const dir = at('../shared/cluster');
  const home = process.env.K8S_HOME || path.join(os.homedir(), '.cache/k8s-node');
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { missing: 'Without KUBECONFIG a cluster is brought up by root on Linux only.' };
  if (!fs.existsSync(path.join(dir, 'up.sh')))
    return { missing: 'Set KUBECONFIG, or LINEAGE_CLUSTER_UP to a command that brings a cluster up.' };
  if (!fs.existsSync(path.join(home, 'bin/k8snode')))
    return {
      missing: `The cluster beside this clone is not built; ${path.join(dir, 'build.sh')} builds it once.`,
    };
  if (os.freemem() < LEAST_FREE_MEMORY)
    return { missing: 'A cluster and its pods need 4 GiB of free memory.' };
  const wasUp = spawnSync(path.join(home, 'state/bin/kubectl'), [
    `--kubeconfig=${path.join(home, 'state/admin.conf')}`,
    '--request-timeout=5s',
    'get',
    'nodes',
  ]);
  const end = () => (wasUp.status === 0 ? Promise.resolve() : run(path.join(dir, 'down.sh'), []));
  try {
    const [{ file, cacheDir, variants }, api] = await allDone([
      step('make an image of the runner', () => runnerImage(dir)),
      step('make an image of the server', () => apiImage(dir)),
      step('bring up a cluster', () => run(path.join(dir, 'up.sh'), [])),
    ]);
    await step('give the images to its node', () =>
      allDone(
        [file, api].map(async (image) => {
          await importImage(home, image);
          fs.rmSync(path.dirname(image), { recursive: true });
        }),
      ),
    );
    return {
      env: {
        KUBECONFIG: path.join(home, 'state/admin.conf'),
        LINEAGE_POOL_IMAGE: IMAGE,
        LINEAGE_POD_CACHE_DIR: cacheDir,
        LINEAGE_API_IMAGE: API_IMAGE,
        LINEAGE_CLUSTER_NODE_PID: nodePid(home),
        // Its node has our disk, and its image the attack suite.
        LINEAGE_ATTACKS_VARIANTS: variants,
        LINEAGE_ATTACKS_GVISOR: fs.existsSync(path.join(home, 'bin/runsc')) ? 'yes' : 'no',
        LINEAGE_CLUSTER_KUBECTL: path.join(home, 'state/bin/kubectl'),
      },
      end,
    };
  } catch (error) {
    await end().catch(() => undefined);
    return { missing: `The cluster could not be brought up: ${error.message}` };
  }
}

/** What each resolves to. When one fails the others are waited for too: what they begin is not to outlive them. */
async function allDone(promises) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** The first process of the node, in whose namespaces everything of it is. */
const nodePid = (home) => fs.readFileSync(path.join(home, 'state/node.pid'), 'utf8').trim();

function importImage(home, file) {
  return run('nsenter', [
    '-t',
    nodePid(home),
    '-m',
    '-n',
    '-p',
    'ctr',
    '-n',
    'k8s.io',
    'images',
    'import',
    file,
  ]);
}
