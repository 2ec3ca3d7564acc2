import * as Y from 'yjs';
import { pathKey, pathProblem } from './path.ts';

/** The one root of a workspace document: file id -> { path: string, text: Y.Text }. */
export const FILES_ROOT = 'files';
export const PATH_KEY = 'path';
export const TEXT_KEY = 'text';

export type FileEntry = {
  readonly id: string;
  /** Where the file stands in the tree: its own path, or a conflict name when another file has it. */
  readonly path: string;
  readonly ownPath: string;
  readonly text: Y.Text;
};
export type TreeFile = { readonly path: string; readonly content: string };

type FileMap = Y.Map<unknown>;

export const filesOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap(FILES_ROOT);

/**
 * The files in order of their path. When several claim one path (case ignored), or one claims a path that is a folder
 * of another, the file with the lowest id keeps it; the others stand as `<path>.conflict-2`, `-3` … until renamed, which
 * Go does not compile. An empty claimant is no file. Every copy of the document gives the same answer.
 */
export function listFiles(doc: Y.Doc): FileEntry[] {
  const claims = [...filesOf(doc).entries()].flatMap(([id, value]) => claimOf(id, value) ?? []);
  claims.sort((a, b) => compare(a.id, b.id));
  const taken = new Set<string>();
  const folders = new Set<string>();
  const files: FileEntry[] = [];
  for (const claim of claims) {
    if (fits(claim.ownPath, taken, folders)) {
      take(claim.ownPath, taken, folders);
      files.push({ ...claim, path: claim.ownPath });
    } else if (claim.text.length > 0) {
      const path = conflictPath(claim.ownPath, taken, folders);
      take(path, taken, folders);
      files.push({ ...claim, path });
    }
  }
  return files.sort((a, b) => compare(a.path, b.path));
}

/** The text of every file, sorted by path: what a run, a review or an export sees. */
export const readTree = (doc: Y.Doc): TreeFile[] =>
  listFiles(doc).map(({ path, text }) => ({ path, content: text.toString() }));

/** Adds a file and returns its id. Call inside `doc.transact` with your origin; check the path first. */
export function createFile(doc: Y.Doc, path: string, content = '', id = newFileId()): string {
  const file: FileMap = new Y.Map();
  file.set(PATH_KEY, path);
  file.set(TEXT_KEY, new Y.Text(content));
  filesOf(doc).set(id, file);
  return id;
}

/** Gives a file another path; false when the file is gone. */
export function renameFile(doc: Y.Doc, id: string, path: string): boolean {
  const file = filesOf(doc).get(id);
  if (!(file instanceof Y.Map)) return false;
  file.set(PATH_KEY, path);
  return true;
}

export const deleteFile = (doc: Y.Doc, id: string): void => filesOf(doc).delete(id);

function claimOf(id: string, value: unknown): Omit<FileEntry, 'path'> | null {
  if (!(value instanceof Y.Map)) return null;
  const path: unknown = value.get(PATH_KEY);
  const text: unknown = value.get(TEXT_KEY);
  if (typeof path !== 'string' || pathProblem(path) !== null || !(text instanceof Y.Text)) return null;
  return { id, ownPath: path, text };
}

function fits(path: string, taken: ReadonlySet<string>, folders: ReadonlySet<string>): boolean {
  const key = pathKey(path);
  return !taken.has(key) && !folders.has(key) && !parentsOf(key).some((parent) => taken.has(parent));
}

function take(path: string, taken: Set<string>, folders: Set<string>): void {
  taken.add(pathKey(path));
  for (const parent of parentsOf(pathKey(path))) folders.add(parent);
}

function conflictPath(path: string, taken: ReadonlySet<string>, folders: ReadonlySet<string>): string {
  const base = parentsOf(pathKey(path)).some((parent) => taken.has(parent))
    ? path.replaceAll('/', '-')
    : path;
  for (let n = 2; ; n++) {
    const candidate = `${base}.conflict-${n}`;
    if (fits(candidate, taken, folders)) return candidate;
  }
}

function parentsOf(key: string): string[] {
  const segments = key.split('/');
  return segments.slice(1).map((_, i) => segments.slice(0, i + 1).join('/'));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts by the moment it was made, so that of two claims on one path the earlier one usually keeps it. */
function newFileId(): string {
  const random = crypto.getRandomValues(new Uint8Array(8));
  return (
    Date.now().toString(36).padStart(9, '0') +
    [...random].map((b) => b.toString(16).padStart(2, '0')).join('')
  );
}
