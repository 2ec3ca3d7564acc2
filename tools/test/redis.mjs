import fs from 'node:fs';
import { SetupError } from '../setup/step.mjs';
import { foundOrInstalled } from './debian.mjs';

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
  const file = await foundOrInstalled(found, 'redis-server');
  if (file !== undefined) return file;
  throw new SetupError(
    'No Redis was found for the tests of several processes. Install redis-server or valkey-server, or set REDIS_SERVER_PATH.',
  );
}
