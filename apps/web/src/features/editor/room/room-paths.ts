import { useMemo } from 'react';
import * as Y from 'yjs';
import { useRoomDoc } from './active-room.ts';
import { useFiles } from './use-files.ts';

const noDocument = new Y.Doc();

/** The paths of the files in the room of the page. */
export function useRoomPaths(): readonly string[] {
  const files = useFiles(useRoomDoc() ?? noDocument);
  return useMemo(() => files.map(({ path }) => path), [files]);
}

/** Whether what a compiler or a stack names is one of these files, and not of the checks or of Go itself. */
export const isAmong = (paths: readonly string[], named: string): boolean =>
  paths.includes(named.replace(/^\.\//, ''));
