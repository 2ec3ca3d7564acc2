import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { closeCodes, type CloseReason, type TreeFile } from '@lineage/collab';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { log } from '../../platform/logging/index.ts';
import { WorkspaceAccess } from '../workspaces/index.ts';
import { DocumentLog } from './log/document-log.service.ts';
import { EDIT_WAIT_MS, EDITED_EVERY_MS, IDLE_ROOM_MS, SNAPSHOT_EVERY_UPDATES } from './room-limits.ts';
import { loadSeconds, openRooms } from './room-metrics.ts';
import { RoomStore } from './room-store.ts';
import { Room, type RoomOwner } from './room.ts';
import { treeHash } from './tree-hash.ts';
import { UpdateLogWriter } from './update-log.writer.ts';

/** The document as it stands: sorted files and the hash of paths and contents. */
export type RoomSnapshot = { readonly files: TreeFile[]; readonly hash: string };

type OpenRoom = { readonly loading: Promise<Room>; room: Room | null };

/** The rooms of this process: each loaded once, kept while somebody is in it, compacted and let go after. */
@Injectable()
export class Rooms implements BeforeApplicationShutdown, RoomOwner {
  readonly #rooms = new Map<WorkspaceId, OpenRoom>();
  readonly #idle = new Map<Room, NodeJS.Timeout>();
  readonly #toldAt = new Map<WorkspaceId, number>();
  readonly #snapshotting = new Set<Room>();

  constructor(
    private readonly store: RoomStore,
    private readonly documents: DocumentLog,
    private readonly writer: UpdateLogWriter,
    private readonly access: WorkspaceAccess,
    private readonly events: DomainEvents,
  ) {
    writer.onStorage((ok) => void this.eachRoom((room) => room.storageChanged(ok)));
  }

  /** The live room, loaded when it is not. A failed load is an error, never an empty room. */
  async open(id: WorkspaceId): Promise<Room> {
    const open = this.#rooms.get(id);
    if (open !== undefined) return open.loading;
    const opening: OpenRoom = { loading: this.#load(id), room: null };
    this.#rooms.set(id, opening);
    openRooms.set(this.#rooms.size);
    try {
      opening.room = await opening.loading;
      return opening.room;
    } catch (err) {
      this.#forget(id, opening);
      throw err;
    }
  }

  /**
   * The text that a run or a review takes. With a connection and its last frame: after that edit is durable.
   * @throws DomainError edit_not_saved when that takes longer than two seconds
   */
  async snapshot(
    id: WorkspaceId,
    after: { connectionId: string; lastFrame: number } | null,
  ): Promise<RoomSnapshot> {
    const room = await this.open(id);
    if (after !== null) await this.#waitForEdit(room, after);
    if (room.members.size === 0) this.vacated(room);
    const files = room.tree();
    return { files, hash: treeHash(files) };
  }

  /** Begins again from the template; everybody in the room is sent out with the reason and comes back to the new text. */
  async reset(id: WorkspaceId, by: AccountId, idempotencyKey?: string): Promise<{ epoch: number }> {
    const workspace = await this.access.find(id);
    if (workspace === null) throw notFound('workspace');
    const epoch = await this.store.reset(workspace, by, idempotencyKey);
    const room = (await this.#rooms.get(id)?.loading.catch(() => null)) ?? null;
    if (room !== null && room.epoch !== epoch) this.lost(room, 'epochChanged');
    return { epoch };
  }

  /** When somebody last changed the text, or null when nobody did or the room is not open. */
  async lastEditAt(id: WorkspaceId): Promise<Date | null> {
    const open = await this.#rooms.get(id)?.loading.catch(() => null);
    return open?.lastEditAt ?? this.store.lastEditAt(id);
  }

  /** Nobody is in the room: it is compacted and let go unless somebody comes back in time. */
  vacated(room: Room): void {
    if (this.#idle.has(room)) return;
    this.#idle.set(room, setTimeout(() => void this.#unload(room), IDLE_ROOM_MS).unref());
  }

  edited(room: Room): void {
    const { id: workspaceId, groupId } = room.workspace;
    this.events.publish('workspace.changed', { workspaceId, groupId });
    const now = Date.now();
    if (now - (this.#toldAt.get(workspaceId) ?? 0) >= EDITED_EVERY_MS) {
      this.#toldAt.set(workspaceId, now);
      this.events.publish('workspace.edited', { workspaceId, groupId, at: new Date(now) });
    }
    if (room.seq - room.snapshotSeq >= SNAPSHOT_EVERY_UPDATES) void this.#saveSnapshot(room);
  }

  lost(room: Room, reason: CloseReason): void {
    log.warn({ workspaceId: room.workspace.id, reason, code: closeCodes[reason].code }, 'room lost');
    this.#drop(room);
    room.closeAll(reason);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.writer.drain();
    const rooms: Room[] = [];
    await this.eachRoom((room) => rooms.push(room));
    for (const room of rooms) room.closeAll('goingDown');
    for (const timer of this.#idle.values()) clearTimeout(timer);
  }

  async #load(id: WorkspaceId): Promise<Room> {
    const stop = loadSeconds.startTimer();
    const workspace = await this.access.find(id);
    if (workspace === null) throw notFound('workspace');
    const room = new Room(workspace, await this.store.load(workspace), this.writer, this);
    stop();
    return room;
  }

  async #waitForEdit(
    room: Room,
    { connectionId, lastFrame }: { connectionId: string; lastFrame: number },
  ): Promise<void> {
    const member = [...room.members].find((m) => m.connectionId === connectionId);
    const saved = member === undefined ? lastFrame === 0 : await member.acks.waitFor(lastFrame, EDIT_WAIT_MS);
    if (!saved) {
      throw new DomainError(
        'edit_not_saved',
        'Your last edit is not saved yet, so the run would not see it. Wait until the editor says saved, then run again.',
      );
    }
  }

  async #unload(room: Room): Promise<void> {
    this.#idle.delete(room);
    if (room.members.size > 0) return;
    if (room.hasQueued) return this.vacated(room);
    await this.#saveSnapshot(room);
    if (room.members.size > 0 || room.hasQueued) return;
    this.#drop(room);
    room.closeAll('goingDown');
    room.doc.destroy();
  }

  async #saveSnapshot(room: Room): Promise<void> {
    if (this.#snapshotting.has(room) || room.seq === room.snapshotSeq) return;
    this.#snapshotting.add(room);
    const { seq } = room;
    try {
      const { epoch, fence } = room;
      // What the worker replays has to read as what people see.
      const hash = treeHash(room.tree());
      const held = await this.documents.compact({
        workspaceId: room.workspace.id,
        epoch,
        fence,
        seq,
        treeHash: hash,
      });
      room.snapshotSeq = seq;
      if (!held) this.lost(room, 'goingDown');
    } catch (err) {
      // The log has everything; the next snapshot is tried after as many edits again.
      log.error({ err, workspaceId: room.workspace.id }, 'snapshot failed');
      room.snapshotSeq = seq;
    } finally {
      this.#snapshotting.delete(room);
    }
  }

  #drop(room: Room): void {
    const { id } = room.workspace;
    const timer = this.#idle.get(room);
    if (timer !== undefined) clearTimeout(timer);
    this.#idle.delete(room);
    const open = this.#rooms.get(id);
    if (open?.room === room) this.#forget(id, open);
  }

  #forget(id: WorkspaceId, open: OpenRoom): void {
    if (this.#rooms.get(id) !== open) return;
    this.#rooms.delete(id);
    this.#toldAt.delete(id);
    openRooms.set(this.#rooms.size);
  }

  /** Every room that is open or being opened. */
  async eachRoom(visit: (room: Room) => void): Promise<void> {
    for (const { loading } of [...this.#rooms.values()]) {
      const room = await loading.catch(() => null);
      if (room !== null) visit(room);
    }
  }
}
