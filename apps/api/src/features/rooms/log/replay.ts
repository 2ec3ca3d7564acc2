import { createHash } from 'node:crypto';
import { readTree } from '@lineage/collab';
import * as Y from 'yjs';
import { treeHash } from '../tree-hash.ts';
import { KEY_FRAME_EVERY } from './log-limits.ts';
import type { LogPlace, LogReader } from './log-reader.ts';

/** A stored state was not read back as the text that went into it, or the log is not whole. */
export class BrokenLogError extends Error {
  override name = 'BrokenLogError';
}

/**
 * A document at `seq`, replayed from the nearest stored state. With `keyFrames` it leaves states behind on a long way,
 * for those who look at other moments.
 */
export async function documentAt(
  reader: LogReader,
  place: LogPlace,
  seq: number,
  { keyFrames }: { keyFrames: boolean },
): Promise<Y.Doc> {
  const base = await reader.base(place, seq);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, base.state);
  let keptAt = base.seq;
  for await (const rows of reader.pages(place, base.seq, seq)) {
    const last = rows.at(-1)?.seq ?? seq;
    // One transaction for many edits: the cost of each is in its bookkeeping.
    doc.transact(() => {
      for (const { update } of rows) Y.applyUpdate(doc, update);
    });
    refuseHole(doc);
    if (keyFrames && last - keptAt >= KEY_FRAME_EVERY && last < seq) {
      await storeKeyFrame(reader, place, last, doc);
      keptAt = last;
    }
  }
  refuseHole(doc);
  return doc;
}

/**
 * Stores the document as of `seq` in the place of a replay. The log before `seq` never changes, so whoever stores it
 * stores the same.
 */
export async function storeKeyFrame(
  reader: LogReader,
  { workspaceId, epoch }: LogPlace,
  seq: number,
  doc: Y.Doc,
): Promise<void> {
  const { state, hash } = encodeVerified(doc);
  await reader.query(
    `INSERT INTO room_snapshot (workspace_id, epoch, seq, state, tree_hash, at)
     VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT DO NOTHING`,
    [workspaceId, epoch, seq, Buffer.from(state), hash],
  );
}

/** The encoded document, after it was decoded again and found to be the same. @throws BrokenLogError */
export function encodeVerified(doc: Y.Doc): { state: Uint8Array; hash: string } {
  const state = Y.encodeStateAsUpdate(doc);
  const hash = treeHash(readTree(doc));
  const reread = new Y.Doc();
  Y.applyUpdate(reread, state);
  refuseHole(reread);
  const same =
    treeHash(readTree(reread)) === hash &&
    digest(Y.encodeStateVector(reread)) === digest(Y.encodeStateVector(doc));
  reread.destroy();
  if (!same) throw new BrokenLogError('a stored state does not hold the text of its document');
  return { state, hash };
}

/** @throws BrokenLogError when something that the document builds on is missing */
export function refuseHole(doc: Y.Doc): void {
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
    throw new BrokenLogError('the log of a document has a hole');
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
