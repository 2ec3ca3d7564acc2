import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { agentBinary, at, slotBinary } from '../setup/paths.mjs';
import { GO_BUILD_ENV } from '../setup/prepare.mjs';
import { run } from '../setup/run.mjs';

export const IMAGE = 'localhost/lineage-runner:test';

/** Of the Go release what builds read. */
const RELEASE = ['bin', 'pkg', 'src', 'lib', 'VERSION', 'go.env'];

/**
 * An image of the agent with what `lineage-runner prepare` made on this machine, at the same paths: what was prepared
 * names itself by them. infra/images has the image for use; this one takes seconds and needs no network.
 * Resolves to { file, cacheDir, variants }: the last is what is prepared for the go command, gigabytes that are in no image.
 */
export async function runnerImage(clusterDir) {
  const cacheDir = path.join(
    process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
    'lineage/runner',
  );
  const prepared = await preparedDir(cacheDir);
  const { goroot } = JSON.parse(fs.readFileSync(path.join(prepared, 'manifest.json'), 'utf8'));
  const same = [prepared, ...RELEASE.map((part) => path.join(goroot, part))];
  const attacks = await attackSuite();
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-image-')), 'runner.tar');
  const config = { Entrypoint: ['/usr/local/bin/lineage-runner'], User: '65532:65532' };
  await run('python3', [
    path.join(clusterDir, 'mkimage.py'),
    file,
    IMAGE,
    JSON.stringify(config),
    `${agentBinary}=/usr/local/bin/lineage-runner`,
    `${slotBinary}=/usr/local/bin/lineage-slot`,
    `${attacks}=/usr/local/bin/attack.test`,
    ...same.map((dir) => `${dir}=${dir}`),
  ]);
  return { file, cacheDir, variants: await preparedForGo(prepared) };
}

/** The attack suite as a program, for a pod of its own: see attacks.cluster.ts. */
async function attackSuite() {
  const program = path.join(path.dirname(agentBinary), 'attack.test');
  await run('go', ['test', '-c', '-trimpath', '-o', program, './internal/attack'], {
    cwd: at('apps/runner'),
    env: GO_BUILD_ENV,
  });
  return program;
}

/** Where builds by the go command find the standard library. */
async function preparedForGo(prepared) {
  await run(agentBinary, ['prepare', '--offline']);
  const parent = path.dirname(prepared);
  const begins = `${path.basename(prepared)}-variants-`;
  const variants = fs.readdirSync(parent).find((name) => name.startsWith(begins));
  if (variants === undefined) throw new Error(`nothing is prepared for the go command beside ${prepared}`);
  return path.join(parent, variants);
}

/** The one that this agent uses: others, of other agents, may be beside it. */
async function preparedDir(cacheDir) {
  const said = await run(agentBinary, ['prepare', '--cache-dir', cacheDir]);
  const named = / is prepared in (.+)$/m.exec(said)?.[1];
  if (named === undefined) throw new Error(`the agent did not say where it prepared: ${said}`);
  return named;
}
