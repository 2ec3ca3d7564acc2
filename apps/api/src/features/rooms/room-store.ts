import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { RoomControl } from '@lineage/collab';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import * as Y from 'yjs';
import { newId } from '../../platform/ids/index.ts';
import { log } from '../../platform/logging/index.ts';
import { WorkspaceTemplates, type WorkspaceRow } from '../workspaces/index.ts';
import { DocumentLog } from './log/document-log.service.ts';
import { RoomAuthorEntity } from './room-author.entity.ts';
import { RoomControlStore } from './room-control.store.ts';
import { RoomLeaseEntity } from './room-lease.entity.ts';
import { RoomLeases } from './room-leases.ts';
import { LONG_LOG_UPDATES } from './room-limits.ts';
import { RoomResetEntity } from './room-reset.entity.ts';
import { RoomSnapshotEntity } from './room-snapshot.entity.ts';

/** A document as it is on disk, and the right to write it. */
export type LoadedRoom = {
  readonly doc: Y.Doc;
  readonly epoch: number;
  readonly fence: number;
  readonly seq: number;
  readonly snapshotSeq: number;
  readonly authors: Map<number, AccountId>;
  readonly lastEditAt: Date | null;
  readonly control: RoomControl;
};

/** Reads documents. Appending is the writer's, compacting the log's. */
@Injectable()
export class RoomStore {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly templates: WorkspaceTemplates,
    private readonly controls: RoomControlStore,
    private readonly leases: RoomLeases,
    private readonly documents: DocumentLog,
  ) {}

  /**
   * Takes the lease and replays: template or snapshot, then the log. Throws rather than give an incomplete document.
   * @throws HeldElsewhere
   */
  async load(workspace: WorkspaceRow): Promise<LoadedRoom> {
    return this.db.transaction(async (db) => {
      const { epoch, fence } = await this.leases.take(db, workspace);
      await this.#shorten(db, { workspaceId: workspace.id, epoch });
      const [snapshot] = await db.find(RoomSnapshotEntity, {
        where: { workspaceId: workspace.id, epoch },
        order: { seq: 'DESC' },
        take: 1,
      });
      const base = snapshot?.state ?? (await this.templates.get(db, workspace.id, epoch));
      const snapshotSeq = snapshot?.seq ?? 0;
      const updates: { seq: number; update: Buffer; at: Date }[] = await db.query(
        'SELECT seq, "update", at FROM room_update WHERE workspace_id = $1 AND epoch = $2 AND seq > $3 ORDER BY seq',
        [workspace.id, epoch, snapshotSeq],
      );
      const authors = await db.findBy(RoomAuthorEntity, { workspaceId: workspace.id });
      return {
        doc: replay(
          base,
          updates.map((row) => row.update),
        ),
        epoch,
        fence,
        snapshotSeq,
        seq: updates.at(-1)?.seq ?? snapshotSeq,
        authors: new Map(authors.map((row) => [Number(row.clientId), row.accountId])),
        lastEditAt: updates.at(-1)?.at ?? snapshot?.at ?? null,
        control: await this.controls.get(workspace.id, db),
      };
    });
  }

  /** Has a long log replayed by a worker: here it would hold up everybody who types in another room. */
  async #shorten(db: EntityManager, place: { workspaceId: WorkspaceId; epoch: number }): Promise<void> {
    const [size]: { head: number | null; stored: number | null }[] = await db.query(
      `SELECT (SELECT max(seq) FROM room_update WHERE workspace_id = $1 AND epoch = $2) AS head,
              (SELECT max(seq) FROM room_snapshot WHERE workspace_id = $1 AND epoch = $2) AS stored`,
      [place.workspaceId, place.epoch],
    );
    const seq = size?.head ?? 0;
    if (seq - (size?.stored ?? 0) <= LONG_LOG_UPDATES) return;
    try {
      await this.documents.settle({ ...place, seq });
    } catch (err) {
      // It can be replayed here as well, only not as well for the others.
      log.warn({ err, workspaceId: place.workspaceId }, 'a long log is replayed without a worker');
    }
  }

  /** Begins a new epoch from the template; whoever holds the room here loses it. The same key does it once. @throws HeldElsewhere */
  async reset(
    workspace: WorkspaceRow,
    by: AccountId,
    idempotencyKey: string = newId<string>(),
  ): Promise<number> {
    return this.db.transaction(async (db) => {
      const done = await db.findOneBy(RoomResetEntity, { workspaceId: workspace.id, idempotencyKey });
      if (done !== null) return done.epoch;
      await this.leases.take(db, workspace);
      const next = await this.templates.advance(db, workspace.id);
      await db.update(RoomLeaseEntity, { workspaceId: workspace.id }, { epoch: next });
      await db.insert(RoomResetEntity, {
        workspaceId: workspace.id,
        idempotencyKey,
        epoch: next,
        accountId: by,
        at: new Date(),
      });
      return next;
    });
  }

  /** From the log alone, for a document that nobody has open. */
  async lastEditAt(workspaceId: WorkspaceId): Promise<Date | null> {
    const [row]: { at: Date }[] = await this.db.query(
      'SELECT at FROM room_log WHERE workspace_id = $1 ORDER BY epoch DESC, seq DESC LIMIT 1',
      [workspaceId],
    );
    return row?.at ?? null;
  }
}

function replay(base: Uint8Array, updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    Y.applyUpdate(doc, base);
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
    throw new Error('the log of a document has a hole');
  return doc;
}
