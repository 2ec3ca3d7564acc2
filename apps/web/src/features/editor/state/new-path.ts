import { MAX_FILES, pathKey, pathProblem, type FileEntry, type PathProblem } from '@lineage/collab';

export type NewPathProblem = PathProblem | 'taken' | 'too_many';

/**
 * Why `path` cannot be given to a file; null when it can. `renaming` is the file that has another path now: it does not
 * stand in its own way.
 */
export function newPathProblem(
  path: string,
  files: readonly Pick<FileEntry, 'id' | 'path'>[],
  renaming: string | null,
): NewPathProblem | null {
  const problem = pathProblem(path);
  if (problem !== null) return problem;
  const others = files.filter(({ id }) => id !== renaming);
  if (renaming === null && others.length >= MAX_FILES) return 'too_many';
  const key = pathKey(path);
  const clashes = others.some((file) => {
    const other = pathKey(file.path);
    return other === key || other.startsWith(`${key}/`) || key.startsWith(`${other}/`);
  });
  return clashes ? 'taken' : null;
}
