import fs from 'node:fs';
import path from 'node:path';

/** One file of an exercise: slash-separated path, and its bytes as they are. */
export type ExerciseFile = { readonly path: string; readonly content: Uint8Array };

/** An exercise is read on one screen; more than this is a mistake. */
const MAX_FILE_BYTES = 256 * 1024;
const MAX_FILES = 64;

/**
 * The regular files below `dir`, by path. Links are not followed.
 * @throws Error naming the file that is too large, or the folder that has too many
 */
export function readFiles(dir: string): ExerciseFile[] {
  const files: ExerciseFile[] = [];
  collect(dir, '', files);
  return files;
}

function collect(root: string, below: string, files: ExerciseFile[]): void {
  const entries = fs.readdirSync(path.join(root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) collect(root, at, files);
    if (!entry.isFile()) continue;
    const file = path.join(root, at);
    if (fs.statSync(file).size > MAX_FILE_BYTES)
      throw new Error(`${file} is larger than ${MAX_FILE_BYTES} bytes`);
    files.push(Object.freeze({ path: at, content: new Uint8Array(fs.readFileSync(file)) }));
    if (files.length > MAX_FILES) throw new Error(`${root} has more than ${MAX_FILES} files`);
  }
}
