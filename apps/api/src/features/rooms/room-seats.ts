import { Injectable } from '@nestjs/common';
import { decodeFrame, FrameError, MAX_FRAME_BYTES, roleIn } from '@lineage/collab';
import type { Person } from '@lineage/contracts';
import type { BaseRoomRole } from '@lineage/domain';
import { log } from '../../platform/logging/index.ts';
import { RoomControls } from './room-controls.service.ts';
import { MAX_RELAYED_PER_ROOM, MAX_SOCKETS_PER_ACCOUNT, MAX_SOCKETS_PER_ROOM } from './room-limits.ts';
import { type Proof, RoomMember } from './room-member.ts';
import { framesIn } from './room-metrics.ts';
import type { RoomSocket } from './room-socket.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.service.ts';

export type Guest = {
  readonly proof: Proof;
  readonly person: Person;
  readonly base: BaseRoomRole;
  readonly isStock: boolean;
};

/** A socket's place in a room: what it says goes in here, and the end of it. */
export type Seat = {
  readonly member: RoomMember;
  receive(bytes: Uint8Array): void;
  leave(): void;
};

/** Gives admitted sockets their place in a room of this process, wherever the sockets are. */
@Injectable()
export class RoomSeats {
  constructor(
    private readonly rooms: Rooms,
    private readonly controls: RoomControls,
  ) {}

  /** Whether there is no seat for one more socket of this account, here or at a relay. */
  isFull(room: Room, { accountId }: Proof, isRelayed: boolean): boolean {
    const relayed = room.count.relayed;
    const [alike, most] = isRelayed
      ? [relayed, MAX_RELAYED_PER_ROOM]
      : [room.members.size - relayed, MAX_SOCKETS_PER_ROOM];
    return alike >= most || room.count.of(accountId) >= MAX_SOCKETS_PER_ACCOUNT;
  }

  take(room: Room, socket: RoomSocket, { proof, person, base, isStock }: Guest): Seat {
    const catchUp = {
      resync: (m: RoomMember) => room.resync(m),
      represent: (m: RoomMember) => room.presence.sendAll(m),
    };
    const role = roleIn(room.control, base, proof.accountId);
    const member = new RoomMember(socket, proof, { person, base, role, isStock }, catchUp);
    room.join(member);
    this.controls.entered(room, member);
    return {
      member,
      receive: (bytes) => receive(room, member, bytes),
      leave: () => {
        room.leave(member);
        this.controls.left(room, member);
        this.letGo(room);
      },
    };
  }

  /** Nobody came in after all, or somebody left. */
  letGo(room: Room): void {
    if (room.members.size === 0) this.rooms.vacated(room);
  }
}

function receive(room: Room, member: RoomMember, bytes: Uint8Array): void {
  if (!member.isOpen || !room.members.has(member)) return;
  try {
    if (bytes.length > MAX_FRAME_BYTES) return member.close('tooLarge', 'a frame that is too large');
    const frame = decodeFrame(bytes);
    framesIn.inc({ type: frame?.type ?? 'unknown' });
    if (frame !== null) room.receive(member, frame);
  } catch (err) {
    if (err instanceof FrameError) return member.close('badFrame', err.message);
    const { accountId } = member.proof;
    log.error({ workspaceId: room.workspace.id, accountId, err }, 'room frame failed');
    member.close('loadFailed');
  }
}
