import type { FileEntry } from '@lineage/collab';

type File = Pick<FileEntry, 'id' | 'path'>;

/** The file in front: the one chosen while it exists, else the exercise's, else where the program begins, else the first. */
export function shownFile<Entry extends File>(
  files: readonly Entry[],
  chosen: string | null,
  entryFile: string | null = null,
): Entry | null {
  return (
    files.find(({ id }) => id === chosen) ??
    files.find(({ path }) => path === entryFile) ??
    files.find(({ path }) => path === 'main.go') ??
    files.find(({ path }) => path.endsWith('.go') && !path.endsWith('_test.go')) ??
    files[0] ??
    null
  );
}

/** The file that a compiler, a stack or a profile means by `named`: its path, or a path that ends with it. */
export function fileNamed<Entry extends File>(files: readonly Entry[], named: string): Entry | null {
  const path = named.replace(/^\.\//, '');
  return (
    files.find((file) => file.path === path) ??
    files.find((file) => path.endsWith(`/${file.path}`)) ??
    files.find((file) => file.path.endsWith(`/${path}`)) ??
    null
  );
}

/** The file `by` places further in the strip, around its ends. */
export function neighbour<Entry extends File>(files: readonly Entry[], id: string, by: 1 | -1): Entry | null {
  const at = files.findIndex((file) => file.id === id);
  return at < 0 ? null : (files[(at + by + files.length) % files.length] ?? null);
}
