import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const left = new Set(['node_modules', 'dist', 'bin', '.git']);

/** A hash of files and folders by name and content, and of `facts`. */
export function contentHash(paths, facts = []) {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const entry of paths) add(hash, entry);
  return hash.digest('hex');
}

function add(hash, entry) {
  if (!fs.existsSync(entry)) return;
  if (fs.statSync(entry).isDirectory()) {
    for (const name of fs.readdirSync(entry).sort()) if (!left.has(name)) add(hash, path.join(entry, name));
    return;
  }
  // Within the clone, so that one which was moved is still the same.
  hash
    .update(`${path.relative(root, entry)}\0`)
    .update(fs.readFileSync(entry))
    .update('\0');
}

/** Whether `file` says that this very input was dealt with to the end. */
export const isStamped = (file, value) => fs.existsSync(file) && fs.readFileSync(file, 'utf8') === value;

/** Takes the stamp away while work is under way, so that an interrupted one is done again. */
export async function stamped(file, value, work) {
  if (isStamped(file, value)) return false;
  fs.rmSync(file, { force: true });
  await work();
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, value);
  return true;
}
