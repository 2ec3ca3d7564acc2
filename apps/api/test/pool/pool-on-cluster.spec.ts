import fs from 'node:fs';
import { expect, it } from 'vitest';
import { clusterConfig } from './pool-on-cluster.ts';

it('has settings for a cluster without a directory that somebody would have to remove', () => {
  const config = clusterConfig('nowhere', { LINEAGE_POOL_IMAGE: 'runner' });
  expect(config.runner.kubernetes?.namespace).toBe('nowhere');
  expect(fs.existsSync(config.paths.data)).toBe(false);
});
