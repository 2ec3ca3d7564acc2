// `npm run test:cluster`: the tests that need a Kubernetes. They use the cluster that KUBECONFIG names, else one that
// LINEAGE_CLUSTER_UP or the folder beside this clone brings up, else they are not run, and the output says so.
import { agent, install, requireServerNode } from './setup/prepare.mjs';
import { requireGo, requireNode } from './setup/requirements.mjs';
import { endCommands } from './setup/run.mjs';
import { SetupError } from './setup/step.mjs';
import { findCluster } from './test-cluster/find-cluster.mjs';
import { clusterTests } from './test-cluster/cluster-tests.mjs';
import { part, sayTally } from './test/tally.mjs';

async function main() {
  requireNode();
  requireGo();
  await install();
  await agent();
  const cluster = await findCluster();
  if (cluster.missing !== undefined) {
    process.stdout.write(`– Kubernetes: not run here. ${cluster.missing}\n`);
    return;
  }
  try {
    await part('Kubernetes', () => clusterTests(requireServerNode(), cluster));
  } finally {
    await cluster.end();
  }
  if (!sayTally()) process.exitCode = 1;
}

main()
  .catch((error) => {
    process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  })
  .finally(endCommands);
