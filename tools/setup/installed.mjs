import fs from 'node:fs';
import path from 'node:path';

const listOf = (dir) => path.join(dir, 'node_modules', '.package-lock.json');

/**
 * Whether `node_modules` of `dir` holds what its lockfile says for this platform. npm writes a list of its own when an
 * install is over, so an interrupted one has none.
 */
export function isInstalledAsLocked(dir) {
  const locked = packagesOf(path.join(dir, 'package-lock.json'));
  const installed = packagesOf(listOf(dir));
  if (locked === null || installed === null) return false;
  const notForHere = Object.keys(locked).filter((at) => locked[at].optional && isForOthers(locked[at]));
  return Object.entries(locked).every(([at, wanted]) => {
    if (!at.startsWith('node_modules/')) return true;
    const there = installed[at];
    // What such a package has below it is missing with it.
    if (there === undefined) return notForHere.some((other) => `${at}/`.startsWith(`${other}/`));
    const isSame = ['version', 'integrity', 'resolved'].every((key) => there[key] === wanted[key]);
    return isSame && fs.existsSync(path.join(dir, at, 'package.json'));
  });
}

/** Takes npm's list away, so that an install which is cut off while it empties the folder is not taken for a whole one. */
export const forgetInstalled = (dir) => fs.rmSync(listOf(dir), { force: true });

function isForOthers({ os, cpu, libc }) {
  const excludes = (list, mine) => list !== undefined && !list.includes(mine);
  return excludes(os, process.platform) || excludes(cpu, process.arch) || libc !== undefined;
}

function packagesOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    // Absent, or cut off by whatever ended its writer: not an install that was finished.
    return null;
  }
}
