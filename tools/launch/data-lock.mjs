import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from '../setup/step.mjs';

/**
 * Holds a data directory, which has to be there, for this process. What a killed process left is taken over. The file
 * appears with its content in it, so that of several starts at one moment exactly one has it.
 * @returns the way to let it go
 * @throws SetupError when a living process holds it
 */
export function holdDataDir(dir) {
  const file = path.join(dir, 'launcher.pid');
  const mine = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(mine, String(process.pid), { mode: 0o600 });
    while (!linked(mine, file)) {
      const holder = readIfThere(file);
      if (isLauncher(Number(holder))) throw new SetupError(heldSentence(holder, dir));
      if (holder !== null) takeAway(file, holder);
    }
  } finally {
    fs.rmSync(mine, { force: true });
  }
  return () => fs.rmSync(file, { force: true });
}

const heldSentence = (holder, dir) =>
  `Another Lineage (process ${holder}) uses ${dir}. Open that one, end it with Ctrl-C, or start a second one beside it: LINEAGE_DATA_DIR=.lineage-2 PORT=4700 npm start`;

function linked(from, to) {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Another start may have taken the dead one's file away and put its own there meanwhile: that one is put back. */
function takeAway(file, dead) {
  const aside = `${file}.${process.pid}.dead`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (fs.readFileSync(aside, 'utf8') !== dead) linked(aside, file);
  fs.rmSync(aside, { force: true });
}

/** @throws SetupError when it cannot be made or written */
export function makeDataDir(dir) {
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
