// What the lock file says is needed, read as Node would find it.
import fs from 'node:fs';
import { at } from './setup/paths.mjs';

/** Folders of these workspaces and of everything that they need to run, as the lock file has them. Optional ones are left out. */
export function neededFolders(...workspaces) {
  const locked = lockedPackages();
  const seen = new Set();
  const visit = (folder) => {
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const name of Object.keys(locked[folder].dependencies ?? {})) visit(resolved(locked, folder, name));
  };
  workspaces.forEach(visit);
  return [...seen];
}

export const lockedPackages = () => JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8')).packages;

/** The folder that Node finds a package in, from the folder of who imports it. */
function resolved(locked, from, name) {
  for (let dir = from; ; dir = dir.slice(0, Math.max(0, dir.lastIndexOf('/')))) {
    const found = [dir, 'node_modules', name].filter(Boolean).join('/');
    if (found in locked) return locked[found].link === true ? locked[found].resolved : found;
    if (dir === '') throw new Error(`${from} needs ${name}, which is not locked`);
  }
}
