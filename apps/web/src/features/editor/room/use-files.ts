import { filesOf, listFiles, type FileEntry } from '@lineage/collab';
import { useMemo, useSyncExternalStore } from 'react';
import type * as Y from 'yjs';

/** The files in order of the tree; a new list only when a file comes, goes or has another path. */
export function useFiles(doc: Y.Doc): readonly FileEntry[] {
  const store = useMemo(() => fileStore(doc), [doc]);
  return useSyncExternalStore(store.subscribe, store.get);
}

function fileStore(doc: Y.Doc): {
  get: () => readonly FileEntry[];
  subscribe: (listener: () => void) => () => void;
} {
  let files: readonly FileEntry[] = listFiles(doc);
  return {
    get: () => files,
    subscribe: (listener) => {
      const root = filesOf(doc);
      const look = (): void => {
        const next = listFiles(doc);
        if (areSame(files, next)) return;
        files = next;
        listener();
      };
      root.observeDeep(look);
      look();
      return () => root.unobserveDeep(look);
    },
  };
}

function areSame(a: readonly FileEntry[], b: readonly FileEntry[]): boolean {
  return (
    a.length === b.length &&
    a.every((file, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        other.text === file.text &&
        other.path === file.path &&
        other.ownPath === file.ownPath
      );
    })
  );
}
