import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at } from '../setup/paths.mjs';
import { command } from '../test/tally.mjs';
import { withNode } from '../test/suites.mjs';

/** The pool's contract and its tenancy on pods, and the manifests against the API server. */
export async function clusterTests(node, { env }) {
  const report = path.join(os.tmpdir(), `lineage-cluster-${process.pid}.json`);
  const { output, status } = await command(
    node,
    [
      at('node_modules/vitest/vitest.mjs'),
      'run',
      '--config=vitest.cluster.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: at('apps/api'), env: { ...env, PATH: withNode(node), NO_COLOR: '1' } },
  );
  if (!fs.existsSync(report)) return { passed: 0, failed: 1, output };
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(fs.readFileSync(report, 'utf8'));
  fs.rmSync(report);
  sayDurations(output);
  const failed = numFailedTests + numPendingTests;
  return { passed: numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed, output };
}

/** How long each file took with what it sets up: what is to be made faster is looked for there. */
function sayDurations(output) {
  for (const [, name, milliseconds] of output.matchAll(/test\/pool\/(\S+) \(.*\)\s+(\d+)ms$/gm))
    process.stdout.write(`  ${(Number(milliseconds) / 1000).toFixed(1).padStart(6)} s  ${name}\n`);
}
