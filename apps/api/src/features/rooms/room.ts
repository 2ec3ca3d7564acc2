import {
  type CloseReason,
  type Frame,
  isOfAnotherEpoch,
  MAX_EPOCH,
  PROTOCOL_VERSION,
  readStateVector,
  readTree,
  readUpdateFacts,
  roleIn,
  type RoomControl,
  type TreeFile,
  type UpdateFacts,
} from '@lineage/collab';
import type { AccountId } from '@lineage/contracts';
import { type BaseRoomRole, roleWrites } from '@lineage/domain';
import type * as Y from 'yjs';
import type { WorkspaceRow } from '../workspaces/index.ts';
import { DocumentState } from './document-state.ts';
import { EditShowing } from './edit-showing.ts';
import { EncodedDocument } from './encoded-document.ts';
import { PresenceBoard } from './presence-board.ts';
import { MAX_ROOM_QUEUE, MAX_ROOM_QUEUE_BYTES } from './room-limits.ts';
import { type EditTaker, type Judged, RoomEdit } from './room-edit.ts';
import type { RoomMember } from './room-member.ts';
import { measureCommit } from './room-metrics.ts';
import type { LoadedRoom } from './room-store.ts';
import { SeatCount } from './seat-count.ts';
import type { UpdateLogWriter } from './update-log.writer.ts';

type ContentFrame = Extract<Frame, { type: 'sync-step-2' | 'update' }>;

/** The state vector of who has nothing yet. */
const NOTHING = Uint8Array.of(0);
const NO_CLIENT_IDS: readonly number[] = [];

export type RoomOwner = {
  /** After an edit became part of the document. */
  edited(room: Room): void;
  /** The room is over: another process or epoch owns the document, or it could not take its own edit. */
  lost(room: Room, reason: CloseReason): void;
};

/**
 * One live document with its people. An edit is judged, written, and only when it is on disk applied, acknowledged and
 * shown to the others; so nobody ever sees text that could be lost.
 */
export class Room implements EditTaker {
  readonly members = new Set<RoomMember>();
  readonly count = new SeatCount();
  readonly presence = new PresenceBoard();
  readonly #showing = new EditShowing(this.members);
  readonly epoch: number;
  readonly fence: number;
  /** Of the last durable edit. */
  seq: number;
  snapshotSeq: number;
  lastEditAt: Date | null;
  readonly #state: DocumentState;
  readonly #encoded: EncodedDocument;
  readonly #authors: Map<number, AccountId>;
  #nextSeq: number;
  #queued = 0;
  #queuedBytes = 0;
  /** Acknowledgements of frames that brought nothing new, owed once everything queued before them is on disk. */
  #owed: { readonly afterSeq: number; readonly pay: () => void }[] = [];
  readonly #refusedForNow = new Set<RoomMember>();
  #over = false;
  #control: RoomControl;

  constructor(
    readonly workspace: WorkspaceRow,
    loaded: LoadedRoom,
    private readonly writer: UpdateLogWriter,
    private readonly owner: RoomOwner,
  ) {
    this.epoch = loaded.epoch;
    this.fence = loaded.fence;
    this.seq = loaded.seq;
    this.snapshotSeq = loaded.snapshotSeq;
    this.lastEditAt = loaded.lastEditAt;
    this.#nextSeq = loaded.seq + 1;
    this.#authors = loaded.authors;
    this.#state = new DocumentState(loaded.doc, () => this.owner.lost(this, 'loadFailed'));
    this.#encoded = new EncodedDocument(() => this.#state.doc);
    this.#control = loaded.control;
  }

  get doc(): Y.Doc {
    return this.#state.doc;
  }

  /** Edits on their way to disk. */
  get queued(): number {
    return this.#queued;
  }

  /** Who drives. */
  get control(): RoomControl {
    return this.#control;
  }

  /** From the next frame on everybody is what it makes of them, without a new connection. */
  setControl(control: RoomControl): void {
    this.#control = control;
    for (const member of this.members) {
      this.#applyRole(member);
      member.tell({ type: 'control', control, sentAt: Date.now() });
    }
  }

  /** The policy says something else about a member now. */
  setBase(member: RoomMember, base: BaseRoomRole): void {
    member.base = base;
    this.#applyRole(member);
  }

  tree(): TreeFile[] {
    return readTree(this.doc);
  }

  join(member: RoomMember): void {
    this.members.add(member);
    this.count.add(member);
    const { connectionId, role } = member;
    member.tell({
      type: 'hello',
      hello: { protocolVersion: PROTOCOL_VERSION, epoch: this.epoch, role, connectionId, fence: this.fence },
    });
    member.tell({ type: 'control', control: this.#control, sentAt: Date.now() });
    if (!this.writer.storageOk) member.tell({ type: 'storage', ok: false });
    this.askForMissing(member);
    this.presence.join(member);
  }

  leave(member: RoomMember): void {
    if (this.members.delete(member)) this.count.remove(member);
    this.presence.leave(member);
  }

  /** @throws FrameError when the frame's content is not what it says */
  receive(member: RoomMember, frame: Frame): void {
    switch (frame.type) {
      case 'sync-step-1':
        return this.#answer(member, frame.stateVector);
      case 'sync-step-2':
      case 'update':
        return this.#take(member, frame);
      case 'presence':
        return this.presence.receive(member, frame.entries, (clientId) =>
          this.#mayUse(member.proof.accountId, clientId),
        );
      case 'query-presence':
        return this.presence.sendAll(member);
      default:
        // Frames that only the server sends.
        member.close('badFrame');
    }
  }

  /** Asks a client for what it has and we have not. */
  askForMissing(member: RoomMember): void {
    member.awaitsStep2 = true;
    member.sendAnswer(this.#encoded.question());
  }

  /** The whole document, for a reader that missed edits. */
  resync(member: RoomMember): void {
    member.sendAnswer(this.#encoded.answer(NOTHING));
  }

  storageChanged(ok: boolean): void {
    for (const member of this.members) member.tell({ type: 'storage', ok });
  }

  closeAll(reason: CloseReason): void {
    this.#over = true;
    this.presence.close();
    for (const member of this.members) member.close(reason);
    this.members.clear();
  }

  #applyRole(member: RoomMember): void {
    const role = roleIn(this.#control, member.base, member.proof.accountId);
    if (role === member.role) return;
    member.changeRole(role);
    this.presence.restamp(member);
  }

  #answer(member: RoomMember, stateVector: Uint8Array): void {
    if (isOfAnotherEpoch(readStateVector(stateVector).keys(), this.epoch))
      return member.close('epochChanged');
    member.sendAnswer(this.#encoded.answer(stateVector));
  }

  #take(member: RoomMember, frame: ContentFrame): void {
    const arrivedAt = performance.now();
    const whole = frame.type === 'sync-step-2';
    const answersUs = member.awaitsStep2;
    if (whole) member.awaitsStep2 = false;
    const facts = readUpdateFacts(frame.update);
    const n = member.acks.arrive(whole);
    if (this.#state.isKnown(facts)) return this.#oweAcknowledgement(member, n);
    if (!roleWrites(member.role)) return member.refuse(n, 'read_only');
    if (this.#isOfAnotherEpoch(facts)) return member.close('epochChanged');
    if (this.#state.hasGap(facts)) return this.#askAgain(member, n, answersUs && !whole);
    const newClientIds = this.#newClientIds(member, facts);
    if (newClientIds === null) return member.close('foreignClientId');
    const problem = this.#state.problemOf(frame.update, facts);
    if (problem !== null) return member.refuse(n, problem);
    if (this.#queued >= MAX_ROOM_QUEUE || this.#queuedBytes >= MAX_ROOM_QUEUE_BYTES)
      return this.#refuseForNow(member, n);
    this.#write(member, { n, update: frame.update, facts, newClientIds, arrivedAt });
  }

  /** Too much waits for the disk. Once it is there, our own client is asked for what was refused. */
  #refuseForNow(member: RoomMember, n: number): void {
    this.#refusedForNow.add(member);
    member.refuse(n, 'storage');
  }

  #askRefused(): void {
    for (const member of this.#refusedForNow) if (member.isOpen) this.askForMissing(member);
    this.#refusedForNow.clear();
  }

  /** A stock client may type before it answered us; the answer that is on its way has it too. */
  #askAgain(member: RoomMember, n: number, isOnItsWay: boolean): void {
    if (member.isStock) member.acks.settle(n, 'refused');
    else member.refuse(n, 'gap');
    if (!isOnItsWay && !this.#refusedForNow.has(member)) this.askForMissing(member);
  }

  #isOfAnotherEpoch(facts: UpdateFacts): boolean {
    return isOfAnotherEpoch(
      facts.structs.map(({ client }) => client),
      this.epoch,
    );
  }

  /** Client ids that the account uses first with this edit; null when one belongs to somebody else. */
  #newClientIds(member: RoomMember, facts: UpdateFacts): readonly number[] | null {
    let fresh: Set<number> | null = null;
    for (const struct of facts.structs) {
      const { client } = struct;
      if (!this.#state.isNew(struct)) continue;
      if (!this.#mayUse(member.proof.accountId, client)) return null;
      if (!this.#authors.has(client)) (fresh ??= new Set()).add(client);
    }
    return fresh === null ? NO_CLIENT_IDS : [...fresh];
  }

  #mayUse(accountId: AccountId, clientId: number): boolean {
    if (clientId <= MAX_EPOCH) return false;
    const owner = this.#authors.get(clientId);
    return owner === undefined || owner === accountId;
  }

  #write(member: RoomMember, judged: Judged): void {
    for (const clientId of judged.newClientIds) this.#authors.set(clientId, member.proof.accountId);
    this.#state.enqueue(judged.update, judged.facts);
    this.#queued += 1;
    this.#queuedBytes += judged.update.length;
    this.writer.append(new RoomEdit(this, member, this.#nextSeq++, judged));
    member.slowDown();
  }

  /** It becomes part of the document, so that whoever waits for it to be durable finds it there. */
  settle({ author, n, seq, update, facts }: RoomEdit, outcome: 'durable' | 'lease_lost'): void {
    if (this.#over) return;
    if (outcome === 'lease_lost') return this.owner.lost(this, 'goingDown');
    this.#queued -= 1;
    this.#queuedBytes -= update.length;
    this.#state.commit(facts);
    this.#encoded.changed();
    this.seq = seq;
    this.lastEditAt = new Date();
    author.settle(n);
  }

  acknowledge({ author, arrivedAt, seq }: RoomEdit): void {
    if (this.#over) return;
    author.acknowledge();
    measureCommit(performance.now() - arrivedAt);
    while (this.#owed[0] !== undefined && this.#owed[0].afterSeq <= seq) this.#owed.shift()?.pay();
  }

  show(edit: RoomEdit): void {
    if (this.#over) return;
    this.#showing.show(edit);
    if (this.#queued === 0) this.#askRefused();
    this.owner.edited(this);
  }

  #oweAcknowledgement(member: RoomMember, n: number): void {
    const pay = (): void => {
      member.settle(n);
      member.acknowledge();
    };
    if (this.#queued === 0) return pay();
    this.#owed.push({ afterSeq: this.#nextSeq - 1, pay });
  }
}
