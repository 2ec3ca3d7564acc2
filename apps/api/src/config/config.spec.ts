import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

let data: string;
beforeAll(() => {
  data = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-config-'));
});
afterAll(() => fs.rmSync(data, { recursive: true }));

const runnerOf = (env: Record<string, string>) =>
  loadConfig(
    { LINEAGE_DATA_DIR: data, DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing', ...env },
    path.resolve(import.meta.dirname, '../../../..'),
  ).runner;

it('lets as many runs be under way as the machine has slots, or all pods together', () => {
  expect(runnerOf({ LINEAGE_RUN_SLOTS: '3' })).toMatchObject({ kubernetes: null, runSlots: 3 });
  const pods = { RUNNER: 'kubernetes', LINEAGE_POOL_IMAGE: 'runner', LINEAGE_POOL_MOST: '50' };
  expect(runnerOf({ ...pods, LINEAGE_POD_RUN_SLOTS: '2' })).toMatchObject({ runSlots: 100 });
});

it('does not start with pods of no image', () => {
  expect(() => runnerOf({ RUNNER: 'kubernetes' })).toThrow(/^LINEAGE_POOL_IMAGE/);
});

it('builds what people type unless that is turned off', () => {
  expect(runnerOf({}).speculative).toBe(true);
  for (const off of ['false', '0'])
    expect(runnerOf({ LINEAGE_SPECULATIVE_BUILDS: off }).speculative).toBe(false);
});
