import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { closeCodes, type CloseReason, type TreeFile } from '@lineage/collab';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { log } from '../../platform/logging/index.ts';
import { Moved, type Peer } from '../processes/index.ts';
import { WorkspaceAccess } from '../workspaces/index.ts';
import { DocumentLog } from './log/document-log.service.ts';
import { HolderSearch } from './holder-search.ts';
import { relayNames, snapshotSchema } from './relay/relay-contract.ts';
import { HeldElsewhere, RoomLeases } from './room-leases.ts';
import { EDIT_WAIT_MS, EDITED_EVERY_MS, IDLE_ROOM_MS, SNAPSHOT_EVERY_UPDATES } from './room-limits.ts';
import { loadSeconds, openRooms } from './room-metrics.ts';
import { RoomStore } from './room-store.ts';
import { Room, type RoomOwner } from './room.ts';
import { treeHash } from './tree-hash.ts';
import { UpdateLogWriter } from './update-log.writer.ts';

/** The document as it stands: sorted files and the hash of paths and contents. */
export type RoomSnapshot = { readonly files: TreeFile[]; readonly hash: string };

type OpenRoom = { readonly loading: Promise<Room>; room: Room | null };

/**
 * The rooms that this process holds: each loaded once, kept while somebody is in it, compacted and let go after. Of those
 * that another process holds it knows where they are.
 */
@Injectable()
export class Rooms implements OnModuleInit, BeforeApplicationShutdown, RoomOwner {
  readonly #rooms = new Map<WorkspaceId, OpenRoom>();
  readonly #idle = new Map<Room, NodeJS.Timeout>();
  readonly #toldAt = new Map<WorkspaceId, number>();
  readonly #snapshotting = new Set<Room>();
  readonly #holders = new HolderSearch();
  #isLeaving = false;

  constructor(
    private readonly store: RoomStore,
    private readonly documents: DocumentLog,
    private readonly writer: UpdateLogWriter,
    private readonly access: WorkspaceAccess,
    private readonly events: DomainEvents,
    private readonly leases: RoomLeases,
  ) {
    writer.onStorage((ok) => void this.eachRoom((room) => room.storageChanged(ok)));
  }

  onModuleInit(): void {
    this.leases.onLate(() => this.#giveUpLost());
  }

  /**
   * Does something with a room where it is: `here` when this process holds it or can take it, else `there` by the process
   * that does. When that one is lost meanwhile, the room is looked for again; so both must stand being repeated.
   * @throws DomainError unavailable
   */
  wherever<T>(
    id: WorkspaceId,
    here: (room: Room) => Promise<T> | T,
    there: (peer: Peer) => Promise<T>,
  ): Promise<T> {
    return this.byHolder(id, async () => here(await this.open(id)), there);
  }

  /** As `wherever`, where `here` finds out by itself that it is not to be done here: it throws HeldElsewhere or Moved. */
  byHolder<T>(id: WorkspaceId, here: () => Promise<T>, there: (peer: Peer) => Promise<T>): Promise<T> {
    return this.#holders.run(id, here, there);
  }

  /** What was known of where a room is does not hold any more. */
  lookAgain(id: WorkspaceId): void {
    this.#holders.forget(id);
  }

  /**
   * The live room, loaded when it is not. A failed load is an error, never an empty room.
   * @throws HeldElsewhere, Moved; use `wherever` where the room may be held by another process
   */
  async open(id: WorkspaceId): Promise<Room> {
    const open = this.#rooms.get(id);
    if (open !== undefined) return open.loading;
    const known = this.#holders.known(id);
    if (known !== null) throw new HeldElsewhere(known);
    if (this.#isLeaving) throw new Moved('this process is being stopped');
    const opening: OpenRoom = { loading: this.#load(id), room: null };
    this.#rooms.set(id, opening);
    openRooms.set(this.#rooms.size);
    try {
      opening.room = await opening.loading;
      return opening.room;
    } catch (err) {
      this.#forget(id, opening);
      if (err instanceof HeldElsewhere) this.#holders.note(id, err.peer);
      throw err;
    }
  }

  /**
   * The text that a run or a review takes. With a connection and its last frame: after that edit is durable.
   * @throws DomainError edit_not_saved when that takes longer than two seconds
   */
  snapshot(
    id: WorkspaceId,
    after: { connectionId: string; lastFrame: number } | null,
  ): Promise<RoomSnapshot> {
    return this.byHolder(
      id,
      () => this.snapshotHere(id, after),
      async (peer) =>
        snapshotSchema.parse(await this.leases.ask(peer, relayNames.snapshot, { workspaceId: id, after })),
    );
  }

  /** As `snapshot`, of a room that this process holds or can take. @throws HeldElsewhere too */
  async snapshotHere(
    id: WorkspaceId,
    after: { connectionId: string; lastFrame: number } | null,
  ): Promise<RoomSnapshot> {
    const room = await this.open(id);
    if (after !== null) await this.#waitForEdit(room, after);
    if (room.members.size === 0) this.vacated(room);
    const files = room.tree();
    return { files, hash: treeHash(files) };
  }

  /**
   * Begins again from the template; everybody in the room is sent out with the reason and comes back to the new text.
   * @throws HeldElsewhere
   */
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
    this.#isLeaving = true;
    // Before anybody is sent out: who comes back finds another process that takes the room at once.
    await this.leases.giveBackAll().catch((err: unknown) => log.warn({ err }, 'rooms not given back'));
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
    if (room.queued > 0) return this.vacated(room);
    await this.#saveSnapshot(room);
    if (room.members.size > 0 || room.queued > 0) return;
    this.#drop(room);
    room.closeAll('goingDown');
    room.doc.destroy();
    await this.leases
      .giveBack(room.workspace.id, room.fence)
      .catch((err: unknown) => log.warn({ err, workspaceId: room.workspace.id }, 'room not given back'));
  }

  /** This process was late: who took a room meanwhile has it, and its people have to go there. */
  async #giveUpLost(): Promise<void> {
    const held: Room[] = [];
    await this.eachRoom((room) => held.push(room));
    if (held.length === 0) return;
    const lost = await this.leases.lostOf(held.map((room) => ({ id: room.workspace.id, fence: room.fence })));
    for (const room of held) if (lost.has(room.workspace.id)) this.lost(room, 'goingDown');
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
