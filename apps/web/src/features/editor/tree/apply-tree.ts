import { createFile, deleteFile, filesOf, listFiles, renameFile, type FileEntry } from '@lineage/collab';
import * as Y from 'yjs';
import { diffLines } from '../../../shared/text/line-diff.ts';
import { minimalChanges, type TextChange } from '../../../shared/text/minimal-changes.ts';
import { APPLIED_ORIGIN, undoOf } from '../codemirror/own-undo.ts';

/** A file as it has to be; `id` names the file that it was, where that is known. */
export type WantedFile = { readonly id?: string; readonly path: string; readonly content: string };
/** How many files a change reached; `undo` takes it back as one, once. */
export type AppliedTree = { readonly files: number; undo(): void };

/**
 * Makes the files of a document these, in one transaction and in as few places as it can: where nothing differs carets
 * stay at the letters where they were. It is a unit of its own for the file's undo, and `undo` takes all of it back.
 */
export function applyTree(
  doc: Y.Doc,
  wanted: readonly WantedFile[],
  { removeOthers }: { removeOthers: boolean },
): AppliedTree {
  const manager = new Y.UndoManager(filesOf(doc), { trackedOrigins: new Set([APPLIED_ORIGIN]) });
  const before = listFiles(doc);
  const managers = before.map(({ text }) => undoOf(text));
  for (const one of managers) one.stopCapturing();
  let files = 0;
  doc.transact(() => {
    const pairs = matched(before, wanted);
    const kept = new Set(pairs.flatMap(({ file }) => file?.id ?? []));
    if (removeOthers) {
      for (const { id } of before.filter((file) => !kept.has(file.id))) {
        deleteFile(doc, id);
        files += 1;
      }
    }
    for (const { file, want } of pairs) if (applyFile(doc, file, want)) files += 1;
  }, APPLIED_ORIGIN);
  for (const one of managers) one.stopCapturing();
  manager.stopCapturing();
  return {
    files,
    undo: () => {
      manager.undo();
      manager.destroy();
    },
  };
}

type Pair = { readonly file: FileEntry | null; readonly want: WantedFile };

/** By id first: a file that has another name by now is still the same one. */
function matched(files: readonly FileEntry[], wanted: readonly WantedFile[]): Pair[] {
  const free = new Set(files);
  const take = (fits: (file: FileEntry) => boolean): FileEntry | null => {
    const found = [...free].find(fits) ?? null;
    if (found !== null) free.delete(found);
    return found;
  };
  const byId = wanted.map((want) => ({
    want,
    file: want.id === undefined ? null : take(({ id }) => id === want.id),
  }));
  return byId.map(({ want, file }) => ({ want, file: file ?? take(({ path }) => path === want.path) }));
}

function applyFile(doc: Y.Doc, file: FileEntry | null, { path, content }: WantedFile): boolean {
  if (file === null) {
    createFile(doc, path, content);
    return true;
  }
  const renamed = file.path !== path;
  if (renamed) renameFile(doc, file.id, path);
  const changes = changesByLines(file.text.toString(), content);
  // From the end on, so that places before stay what they are.
  for (const { from, to, insert } of changes.toReversed()) {
    if (to > from) file.text.delete(from, to - from);
    if (insert !== '') file.text.insert(from, insert);
  }
  return renamed || changes.length > 0;
}

/** Lines first, then words within a line: half a line of before and half of now would be nobody's sentence. */
function changesByLines(before: string, after: string): TextChange[] {
  const starts = [0, ...[...before.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return diffLines(before, after).flatMap(({ oldLine, removed, added }) => {
    const at = starts[oldLine - 1] ?? before.length;
    return minimalChanges(removed.join(''), added.join('')).map(({ from, to, insert }) => ({
      from: at + from,
      to: at + to,
      insert,
    }));
  });
}
