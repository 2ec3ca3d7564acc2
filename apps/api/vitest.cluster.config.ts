import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The attack suites first: they take half of the time, and mostly wait in pods of their own. */
class AttacksFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isAttacks = ({ moduleId }: TestSpecification): boolean => moduleId.includes('attacks.');
    return (await super.sort(files)).sort((a, b) => Number(isAttacks(b)) - Number(isAttacks(a)));
  }
}

/** Tests that need a Kubernetes; `npm run test:cluster` brings one where it can. */
export default defineConfig({
  test: {
    name: 'cluster',
    include: [
      'test/pool/*.cluster.ts',
      // On somebody's cluster neither the attack suite with what it builds with is there, nor a server of this clone, nor
      // would it reach a database on this machine.
      ...(process.env['LINEAGE_ATTACKS_VARIANTS'] === undefined ? [] : ['test/pool/*.cluster-here.ts']),
      // Takes many minutes: it is a benchmark's, which says how many runs.
      ...(process.env['LINEAGE_CHAOS_RUNS'] === undefined ? [] : ['test/pool/chaos.ts']),
    ],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['reflect-metadata'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One machine holds the cluster and all of its pods: what waits for attacks has company, the others follow each other.
    maxWorkers: 2,
    // Of the attack suites.
    maxConcurrency: 2,
    sequence: { sequencer: AttacksFirst },
  },
});
