import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from '../setup/step.mjs';

/**
 * Holds a data directory for this process. What a killed process left is taken over.
 * @returns the way to let it go
 * @throws SetupError when a living process holds it
 */
export function holdDataDir(dir) {
  makeDirectory(dir);
  const file = path.join(dir, 'launcher.pid');
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(fs.readFileSync(file, 'utf8'));
    if (isLauncher(holder)) {
      throw new SetupError(
        `Another Lineage (process ${holder}) uses ${dir}. Open that one, end it with Ctrl-C, or start a second one beside it: LINEAGE_DATA_DIR=.lineage-2 PORT=4700 npm start`,
      );
    }
    fs.rmSync(file, { force: true });
  }
}

function makeDirectory(dir) {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o755 });
    fs.accessSync(dir, fs.constants.W_OK);
  } catch (cause) {
    throw new SetupError(
      `${dir} cannot be written (${cause.code}). Set LINEAGE_DATA_DIR to a directory of yours.`,
      { cause },
    );
  }
}

/** A process id may have been given to somebody else since, so its command line is asked too. */
function isLauncher(pid) {
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return false;
  const file = `/proc/${pid}/cmdline`;
  if (fs.existsSync('/proc/self/cmdline'))
    return fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes('start.mjs');
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(
    'start.mjs',
  );
}
