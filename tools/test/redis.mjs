import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { run } from '../setup/run.mjs';
import { SetupError } from '../setup/step.mjs';

const usual = ['redis-server', 'valkey-server'].flatMap((name) =>
  ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((folder) => `${folder}/${name}`),
);

/**
 * A Redis to test several processes with: REDIS_SERVER_PATH, the system's (Valkey too), or Debian's package (as root).
 * @throws SetupError
 */
export async function redisPath() {
  if (process.env.REDIS_SERVER_PATH) return process.env.REDIS_SERVER_PATH;
  const found = () => usual.find((file) => fs.existsSync(file));
  const here = found();
  if (here !== undefined) return here;
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], { env });
    const installed = found();
    if (installed !== undefined) return installed;
  }
  throw new SetupError(
    'No Redis was found for the tests of several processes. Install redis-server or valkey-server, or set REDIS_SERVER_PATH.',
  );
}
