import { createHash } from 'node:crypto';
import type { TreeFile } from '@lineage/collab';

/** sha256 over the sorted paths and contents, each with its length before it, so that no two trees run together. */
export function treeHash(files: readonly TreeFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) {
    for (const part of [path, content]) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return hash.digest('hex');
}
