import { randomUUID } from 'node:crypto';
import {
  closeCodes,
  type CloseReason,
  encodeFrame,
  type ExtensionFrame,
  type Frame,
  type NackReason,
  personColors,
  type PresenceUser,
} from '@lineage/collab';
import type { AccountId, Person, RoomRole } from '@lineage/contracts';
import type { BaseRoomRole } from '@lineage/domain';
import { log } from '../../platform/logging/index.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { MAX_SOCKET_IN_FLIGHT } from './room-limits.ts';
import { closes, refusals } from './room-metrics.ts';
import type { RoomSocket } from './room-socket.ts';
import { SendQueue } from './send-queue.ts';

/** How somebody proved who they are; a ticket ends with any of its account's logins. */
export type Proof = { readonly accountId: AccountId; readonly loginId: string | null };

/** One admitted socket of a room: whose it is, what it may do, what it was told. */
export class RoomMember {
  readonly connectionId: string = randomUUID();
  readonly acks = new Acknowledgements();
  readonly isStock: boolean;
  readonly #socket: RoomSocket;
  readonly #queue: SendQueue;
  readonly #person: Person;
  /** By policy; `role` is what follows from it and from who drives. */
  base: BaseRoomRole;
  #role: RoomRole;
  #user: PresenceUser;
  #paused = false;
  /** The last frame number that the client was told is on disk. */
  #acknowledged = 0;
  /** Told to the log once each: a client that goes on must not fill it. */
  readonly #logged = new Set<NackReason>();
  /** We asked for what we lack and were not answered yet: an edit that builds on it is repeated in the answer. */
  awaitsStep2 = false;

  constructor(
    socket: RoomSocket,
    readonly proof: Proof,
    who: {
      readonly person: Person;
      readonly base: BaseRoomRole;
      readonly role: RoomRole;
      readonly isStock: boolean;
    },
    catchUp: { resync: (member: RoomMember) => void; represent: (member: RoomMember) => void },
  ) {
    this.#socket = socket;
    this.isStock = who.isStock;
    this.#person = who.person;
    this.base = who.base;
    this.#role = who.role;
    this.#user = stamp(who.person, who.role);
    this.#queue = new SendQueue(socket, {
      resync: () => catchUp.resync(this),
      represent: () => catchUp.represent(this),
    });
  }

  get role(): RoomRole {
    return this.#role;
  }

  get user(): PresenceUser {
    return this.#user;
  }

  /** Another process has the socket. */
  get isRelayed(): boolean {
    return this.#socket.isRelayed;
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  changeRole(role: RoomRole): void {
    this.#role = role;
    this.#user = stamp(this.#person, role);
    this.tell({ type: 'role', role });
  }

  send(frame: Frame): void {
    this.#queue.send(encodeFrame(frame));
  }

  /** As `send`, of a frame that others get too. */
  sendAnswer(frame: Uint8Array): void {
    this.#queue.send(frame);
  }

  /** An extension frame: a stock client would not understand it. */
  tell(frame: ExtensionFrame): void {
    if (!this.isStock) this.send(frame);
  }

  /** What is sent from here to `sendGathered`, in the same turn, goes out as one write. */
  gather(): void {
    this.#socket.gather();
  }

  sendGathered(): void {
    this.#socket.sendGathered();
  }

  sendEdit(frame: Uint8Array): void {
    this.#queue.sendEdit(frame);
  }

  sendPresence(frame: Uint8Array): void {
    this.#queue.sendPresence(frame);
  }

  /** Frame `n` is on disk, which `acknowledge` has yet to say. */
  settle(n: number): void {
    this.acks.settle(n, 'durable');
  }

  /** Says up to which frame everything is on disk, once. */
  acknowledge(): void {
    const { upTo } = this.acks;
    if (upTo > this.#acknowledged) this.tell({ type: 'ack', n: upTo });
    this.#acknowledged = Math.max(this.#acknowledged, upTo);
    if (this.#paused && this.acks.pending < MAX_SOCKET_IN_FLIGHT / 2) {
      this.#paused = false;
      this.#socket.resume();
    }
  }

  /** Frame `n` is not taken. A stock client cannot be told in a frame, so it is closed with the reason. */
  refuse(n: number, reason: NackReason): void {
    refusals.inc({ reason });
    this.acks.settle(n, 'refused');
    this.#logRefusal(reason);
    if (this.isStock) this.close(closeOfNack[reason]);
    else this.tell({ type: 'nack', n, reason });
  }

  /** Stops reading while too many of its edits are on their way to disk. */
  slowDown(): void {
    if (this.#paused || this.acks.pending < MAX_SOCKET_IN_FLIGHT) return;
    this.#paused = true;
    this.#socket.pause();
  }

  /** `problem` is for the log alone. */
  close(reason: CloseReason, problem?: string): void {
    closes.inc({ reason });
    const fields = { accountId: this.proof.accountId, connectionId: this.connectionId, reason, problem };
    // A restart closes everybody, and says so itself.
    if (reason === 'goingDown') log.debug(fields, 'room socket closed');
    else log.info(fields, 'room socket closed');
    const { code, sentence } = closeCodes[reason];
    this.#socket.close(code, sentence);
  }

  #logRefusal(reason: NackReason): void {
    if (this.#logged.has(reason)) return;
    this.#logged.add(reason);
    const { connectionId, proof } = this;
    log.info({ accountId: proof.accountId, connectionId, reason }, 'room edit refused');
  }
}

const closeOfNack: Readonly<Record<NackReason, CloseReason>> = {
  read_only: 'forbidden',
  storage: 'overloaded',
  gap: 'overloaded',
  too_large: 'tooLarge',
  bad_path: 'badFrame',
};

function stamp({ id, name, initials, colour }: Person, role: RoomRole): PresenceUser {
  return {
    id,
    name,
    initials,
    colour,
    color: personColors[colour % personColors.length] ?? personColors[0],
    role,
  };
}
