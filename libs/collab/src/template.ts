import * as Y from 'yjs';
import { createFile } from './workspace-document.ts';
import type { TreeFile } from './workspace-document.ts';

/** Epochs are the client ids of templates, so they stay far away from the 32-bit numbers that clients draw. */
export const MAX_EPOCH = 65_535;

/**
 * The first update of a workspace's document at `epoch`. The same files and epoch give the same bytes, so applying them
 * twice changes nothing; another epoch has another author, by which a document of before a reset is recognised.
 */
export function templateUpdate(files: readonly TreeFile[], epoch: number): Uint8Array {
  if (!Number.isInteger(epoch) || epoch < 1 || epoch > MAX_EPOCH)
    throw new RangeError(`epoch ${epoch} is not in 1..${MAX_EPOCH}`);
  const doc = new Y.Doc();
  doc.clientID = templateClientId(epoch);
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  doc.transact(() => {
    sorted.forEach(({ path, content }, i) =>
      createFile(doc, path, content.replace(/\r\n?/g, '\n'), `0-${String(i).padStart(2, '0')}`),
    );
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

export const templateClientId = (epoch: number): number => epoch;

/** True when `stateVector` knows the template of another epoch than `epoch`: its owner edits a document that was reset. */
export function isOfAnotherEpoch(clients: Iterable<number>, epoch: number): boolean {
  for (const client of clients) {
    if (client >= 1 && client <= MAX_EPOCH && client !== epoch) return true;
  }
  return false;
}
