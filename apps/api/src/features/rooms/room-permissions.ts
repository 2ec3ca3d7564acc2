import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { AccountId } from '@lineage/contracts';
import { CallerResolver } from '../../platform/auth/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { log } from '../../platform/logging/index.ts';
import { SharedEvents } from '../processes/index.ts';
import { RoomAdmission } from './room-admission.ts';
import { RoomControls } from './room-controls.service.ts';
import { LOGIN_RECHECK_MS } from './room-limits.ts';
import type { RoomMember } from './room-member.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.service.ts';

/** Permissions that change and logins that end reach open sockets at once; a login that runs out, within a minute. */
@Injectable()
export class RoomPermissions implements OnModuleInit, OnModuleDestroy {
  #stop: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly events: DomainEvents,
    private readonly rooms: Rooms,
    private readonly admission: RoomAdmission,
    private readonly callers: CallerResolver,
    private readonly controls: RoomControls,
    private readonly shared: SharedEvents,
  ) {}

  onModuleInit(): void {
    this.#stop = [
      this.events.on('permissions.changed', ({ accountIds }) => this.#ask(new Set(accountIds))),
      this.events.on('login.ended', ({ accountId, loginId }) => this.#end(accountId, loginId)),
    ];
    this.shared.onGap(() => this.#askEverybody());
    this.#timer = setInterval(() => void this.recheckLogins(), LOGIN_RECHECK_MS).unref();
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Closes sockets whose login has run out. A ticket's lasts as long as any login of its account. */
  async recheckLogins(): Promise<void> {
    const members: RoomMember[] = [];
    await this.rooms.eachRoom((room) => members.push(...room.members));
    if (members.length === 0) return;
    try {
      const live = await this.callers.liveLogins([...new Set(members.map(({ proof }) => proof.accountId))]);
      const accounts = new Set(live.map(({ accountId }) => accountId));
      const logins = new Set(live.map(({ loginId }) => loginId));
      for (const member of members) {
        const { accountId, loginId } = member.proof;
        const isLive = loginId === null ? accounts.has(accountId) : logins.has(loginId);
        if (!isLive && member.isOpen) member.close('unauthenticated');
      }
    } catch (err) {
      // The database is away: whoever is in stays in, and is asked again.
      log.warn({ err }, 'logins of rooms not rechecked');
    }
  }

  /** What other processes told may have been missed. */
  async #askEverybody(): Promise<void> {
    const accountIds = new Set<AccountId>();
    await this.rooms.eachRoom((room) => {
      for (const { proof } of room.members) accountIds.add(proof.accountId);
    });
    await Promise.all([this.recheckLogins(), this.#ask(accountIds)]);
  }

  async #ask(accountIds: ReadonlySet<AccountId>): Promise<void> {
    const asked: Promise<void>[] = [];
    await this.rooms.eachRoom((room) => {
      const members = [...room.members].filter(({ proof }) => accountIds.has(proof.accountId));
      if (members.length > 0) asked.push(this.#askForAll(room, members));
    });
    await Promise.all(asked);
  }

  async #askForAll(room: Room, members: readonly RoomMember[]): Promise<void> {
    await Promise.all(members.map((member) => this.#askFor(room, member)));
    await this.controls.settle(room);
  }

  async #askFor(room: Room, member: RoomMember): Promise<void> {
    const base = await this.admission.baseNow(member.proof, room.workspace);
    if (base !== null) return room.setBase(member, base);
    member.base = 'observer';
    member.close('notFound');
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
