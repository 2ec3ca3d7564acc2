import { spawnSync } from 'node:child_process';
import { run } from '../setup/run.mjs';

/**
 * What `found` finds, after Debian's packages were installed where it finds nothing and we may (as root). Undefined when
 * they could not be, or did not bring it.
 */
export async function foundOrInstalled(found, ...packages) {
  const here = found();
  if (here !== undefined) return here;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return undefined;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
  return found();
}
