import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from '../setup/step.mjs';
import { foundOrInstalled } from './debian.mjs';

const DEBIAN = '/usr/lib/postgresql';
/** Of the oldest release that operators may use. */
const OLDEST = 15;
const needed = ['initdb', 'postgres', 'pg_dump', 'pg_restore'];

/**
 * The folder of a PostgreSQL with its tools, to test backups with: POSTGRES_PATH, the newest of the system's, or Debian's
 * package (as root). The packaged server comes without them. @throws SetupError
 */
export async function fullPostgres() {
  if (process.env.POSTGRES_PATH) return process.env.POSTGRES_PATH;
  const folder = await foundOrInstalled(found, 'postgresql');
  if (folder !== undefined) return folder;
  throw new SetupError(
    'No PostgreSQL with pg_dump was found for the test of backups. Install postgresql, or set POSTGRES_PATH to the folder with its bin.',
  );
}

function found() {
  const releases = fs.existsSync(DEBIAN) ? fs.readdirSync(DEBIAN).map(Number) : [];
  return releases
    .filter((release) => release >= OLDEST)
    .sort((a, b) => b - a)
    .map((release) => path.join(DEBIAN, String(release)))
    .find((folder) => needed.every((name) => fs.existsSync(path.join(folder, 'bin', name))));
}
