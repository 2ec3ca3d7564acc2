import { requireServerNode } from '../setup/prepare.mjs';
import { part } from '../test/tally.mjs';
import { clusterTests } from './cluster-tests.mjs';
import { findCluster } from './find-cluster.mjs';

/** The tests on a Kubernetes as one part of a check; where there is none, a line that says why. */
export async function clusterPart() {
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
}
