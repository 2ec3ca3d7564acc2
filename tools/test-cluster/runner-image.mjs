import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { agentBinary } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';

export const IMAGE = 'localhost/lineage-runner:test';

/** Of the Go release what builds read. */
const RELEASE = ['bin', 'pkg', 'src', 'lib', 'VERSION', 'go.env'];

/**
 * An image of the agent with what `lineage-runner prepare` made on this machine, at the same paths: what was prepared
 * names itself by them. infra/images has the image for use; this one takes seconds and needs no network.
 * Resolves to { file, cacheDir }.
 */
export async function runnerImage(clusterDir) {
  const cacheDir = path.join(
    process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
    'lineage/runner',
  );
  const prepared = await preparedDir(cacheDir);
  const { goroot } = JSON.parse(fs.readFileSync(path.join(prepared, 'manifest.json'), 'utf8'));
  const same = [prepared, ...RELEASE.map((part) => path.join(goroot, part))];
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-image-')), 'runner.tar');
  const config = { Entrypoint: ['/usr/local/bin/lineage-runner'], User: '65532:65532' };
  await run('python3', [
    path.join(clusterDir, 'mkimage.py'),
    file,
    IMAGE,
    JSON.stringify(config),
    `${agentBinary}=/usr/local/bin/lineage-runner`,
    ...same.map((dir) => `${dir}=${dir}`),
  ]);
  return { file, cacheDir };
}

/** The one that this agent uses: `prepare` says which, and makes it where it is missing. */
async function preparedDir(cacheDir) {
  const said = await run(agentBinary, ['prepare', '--cache-dir', cacheDir]);
  const named = /^(\/\S+)$/m.exec(said)?.[1];
  if (named !== undefined) return named;
  // Older ones are left beside it.
  const all = fs
    .readdirSync(cacheDir)
    .map((name) => path.join(cacheDir, name))
    .filter((dir) => fs.existsSync(path.join(dir, 'manifest.json')));
  const newest = all.sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs)[0];
  if (newest === undefined) throw new Error('nothing is prepared');
  return newest;
}
