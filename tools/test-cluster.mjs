// `npm run test:cluster`: the tests that need a Kubernetes. They use the cluster that KUBECONFIG names, else one that
// LINEAGE_CLUSTER_UP or the folder beside this clone brings up, else they are not run, and the output says so.
import { agent, install } from './setup/prepare.mjs';
import { requireGo, requireNode } from './setup/requirements.mjs';
import { endCommands } from './setup/run.mjs';
import { SetupError } from './setup/step.mjs';
import { clusterPart } from './test-cluster/cluster-part.mjs';
import { hasFailed, sayTally } from './test/tally.mjs';

async function main() {
  requireNode();
  requireGo();
  await install();
  await agent();
  await clusterPart();
}

main()
  .catch((error) => {
    process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  })
  .finally(() => {
    endCommands();
    // Nothing ran where there is no cluster, which is no failure.
    if (!sayTally() && hasFailed()) process.exitCode = 1;
  });
