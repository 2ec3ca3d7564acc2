import fs from 'node:fs';
import path from 'node:path';

/** An editor or a bundler writes several files for one change. */
const SETTLE_MS = 150;

/**
 * Calls `changed` soon after a file in `folder` or below changed whose name `concerns` accepts, once for many at a time.
 * Each folder is watched by itself: Node's own recursive watching loses files that an editor puts in another's place.
 * @returns the way to stop
 */
export function watchTree(folder, concerns, changed) {
  const watchers = new Map();
  let timer = null;

  const forget = (dir) => {
    watchers.get(dir)?.close();
    watchers.delete(dir);
  };
  const add = (dir) => {
    if (watchers.has(dir)) return;
    const watcher = fs.watch(dir, (_, name) => {
      if (name === null) return;
      const entry = path.join(dir, name);
      if (isFolder(entry)) add(entry);
      else forget(entry);
      if (!concerns(name)) return;
      clearTimeout(timer);
      timer = setTimeout(changed, SETTLE_MS);
    });
    watchers.set(dir, watcher);
    watcher.on('error', () => forget(dir));
    for (const entry of foldersIn(dir)) add(path.join(dir, entry));
  };
  add(folder);

  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}

const isFolder = (file) => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;

const foldersIn = (dir) =>
  fs
    .readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
