import type { UpdateFacts } from '@lineage/collab';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import type { RoomMember } from './room-member.ts';
import type { LogEntry } from './update-log.writer.ts';

/** The room that an edit is for. */
export type EditTaker = {
  readonly workspace: { readonly id: WorkspaceId };
  readonly epoch: number;
  readonly fence: number;
  settle(edit: RoomEdit, outcome: 'durable' | 'lease_lost'): void;
  acknowledge(edit: RoomEdit): void;
  show(edit: RoomEdit): void;
};

/** What a member sent, and what the room found in it. */
export type Judged = {
  /** Number of the frame. */
  readonly n: number;
  readonly update: Uint8Array;
  readonly facts: UpdateFacts;
  readonly newClientIds: readonly number[];
  readonly arrivedAt: number;
};

/** An edit that its room took, on its way to disk. */
export class RoomEdit implements LogEntry {
  readonly #room: EditTaker;
  readonly author: RoomMember;
  readonly seq: number;
  readonly n: number;
  readonly update: Uint8Array;
  readonly facts: UpdateFacts;
  readonly newClientIds: readonly number[];
  readonly arrivedAt: number;

  constructor(room: EditTaker, author: RoomMember, seq: number, judged: Judged) {
    this.#room = room;
    this.author = author;
    this.seq = seq;
    this.n = judged.n;
    this.update = judged.update;
    this.facts = judged.facts;
    this.newClientIds = judged.newClientIds;
    this.arrivedAt = judged.arrivedAt;
  }

  get workspaceId(): WorkspaceId {
    return this.#room.workspace.id;
  }

  get epoch(): number {
    return this.#room.epoch;
  }

  get fence(): number {
    return this.#room.fence;
  }

  get accountId(): AccountId {
    return this.author.proof.accountId;
  }

  settle(outcome: 'durable' | 'lease_lost'): void {
    this.#room.settle(this, outcome);
  }

  acknowledge(): void {
    this.#room.acknowledge(this);
  }

  show(): void {
    this.#room.show(this);
  }
}
