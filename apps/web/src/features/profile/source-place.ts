import { originOf, type CallTree } from '@lineage/pprof';
import type { ProfileFacts } from './profile-messages.ts';

export type SourcePlace = { readonly file: string; readonly line: number };

/** Where a node of the program's own code stands in the workspace; null for code that is not the learners'. */
export function placeOf(
  tree: CallTree,
  { functions, files }: ProfileFacts,
  node: number,
): SourcePlace | null {
  const name = functions[tree.functionId[node] ?? -1];
  const file = files[tree.fileId[node] ?? -1];
  const line = tree.line[node] ?? 0;
  if (name === undefined || file === undefined || line === 0 || originOf(name) !== 'program') return null;
  return { file: placeInWorkspace(file), line };
}

/** The path of a file as the workspace has it: the compiler may put the slot's folder before it. */
export const placeInWorkspace = (file: string): string => file.replace(/^(\.\/|\/work\/)/, '');

/** The dearest node of a function, from which its place is told. */
export function dearestNodeOf(tree: CallTree, functionId: number): number {
  let best = -1;
  for (let node = 1; node < tree.functionId.length; node++) {
    if (
      tree.functionId[node] === functionId &&
      (best < 0 || Math.abs(tree.total[node] ?? 0) > Math.abs(tree.total[best] ?? 0))
    )
      best = node;
  }
  return best;
}
