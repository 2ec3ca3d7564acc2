import fs from 'node:fs';
import path from 'node:path';

/** One file of an exercise: slash-separated path, and its bytes as they are. */
export type ExerciseFile = { readonly path: string; readonly content: Uint8Array };

/** An exercise is read on one screen; more than this is a mistake. */
const MAX_FILE_BYTES = 256 * 1024;
const MAX_FILES = 64;

/**
 * The bytes of one regular file. A link is refused, so that nothing outside the curriculum is ever taught.
 * @throws Error saying what is wrong, without the path
 */
export function readRegularFile(file: string): Uint8Array {
  const descriptor = open(file);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw new Error('is no regular file');
    if (stat.size > MAX_FILE_BYTES) throw new Error(`is larger than ${MAX_FILE_BYTES} bytes`);
    return new Uint8Array(fs.readFileSync(descriptor));
  } finally {
    fs.closeSync(descriptor);
  }
}

function open(file: string): number {
  try {
    // Without O_NONBLOCK a named pipe would hold the start up for ever.
    return fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ENOENT') throw new Error('is missing', { cause });
    if (code === 'ELOOP') throw new Error('is a link, and links are not followed', { cause });
    throw new Error(`cannot be read (${String(code)})`, { cause });
  }
}

/**
 * The regular files below `dir`, by path. Links are not followed.
 * @throws Error naming the file that is too large, or saying that there are too many
 */
export function readFiles(dir: string): ExerciseFile[] {
  const files: ExerciseFile[] = [];
  if (fs.lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) collect(dir, '', files);
  return files;
}

function collect(root: string, below: string, files: ExerciseFile[]): void {
  const entries = fs.readdirSync(path.join(root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      collect(root, at, files);
      continue;
    }
    if (files.length === MAX_FILES) throw new Error(`more than ${MAX_FILES} files`);
    files.push(Object.freeze({ path: at, content: readNamed(root, at) }));
  }
}

function readNamed(root: string, at: string): Uint8Array {
  try {
    return readRegularFile(path.join(root, at));
  } catch (cause) {
    throw new Error(`${at} ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
