import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { AccountId } from '@lineage/contracts';
import { DomainEvents } from '../../platform/events/index.ts';
import { RoomAdmission } from './room-admission.ts';
import type { RoomMember } from './room-member.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.service.ts';

/** Permissions that change and logins that end reach open sockets at once. */
@Injectable()
export class RoomPermissions implements OnModuleInit, OnModuleDestroy {
  #stop: (() => void)[] = [];

  constructor(
    private readonly events: DomainEvents,
    private readonly rooms: Rooms,
    private readonly admission: RoomAdmission,
  ) {}

  onModuleInit(): void {
    this.#stop = [
      this.events.on('permissions.changed', ({ accountIds }) => this.#ask(new Set(accountIds))),
      this.events.on('login.ended', ({ accountId, loginId }) => this.#end(accountId, loginId)),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }

  async #ask(accountIds: ReadonlySet<AccountId>): Promise<void> {
    const asked: Promise<void>[] = [];
    await this.rooms.eachRoom((room) => {
      for (const member of room.members)
        if (accountIds.has(member.proof.accountId)) asked.push(this.#askFor(room, member));
    });
    await Promise.all(asked);
  }

  async #askFor(room: Room, member: RoomMember): Promise<void> {
    const role = await this.admission.roleNow(member.proof, room.workspace);
    if (role === null) {
      member.close('notFound');
    } else if (role !== member.role) {
      member.changeRole(role);
      room.presence.restamp(member);
    }
  }

  /** A ticket does not know which login it came from, so it ends with any of the account's. */
  async #end(accountId: AccountId, loginId: string | null): Promise<void> {
    await this.rooms.eachRoom((room) => {
      for (const member of room.members) {
        const { proof } = member;
        const ended = loginId === null || proof.loginId === null || proof.loginId === loginId;
        if (proof.accountId === accountId && ended) member.close('unauthenticated');
      }
    });
  }
}
