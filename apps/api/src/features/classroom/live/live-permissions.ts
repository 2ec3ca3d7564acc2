import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { AccountId } from '@lineage/contracts';
import { CallerResolver } from '../../../platform/auth/index.ts';
import { DomainEvents } from '../../../platform/events/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { SharedEvents } from '../../processes/index.ts';
import { ClassPeople } from './class-people.ts';
import { LOGIN_RECHECK_MS } from './live-limits.ts';
import type { LiveSocket } from './live-socket.ts';
import { LiveSockets } from './live-sockets.ts';
import { mayWatch } from './watch-targets.ts';

/** Permissions that change and logins that end reach open sockets at once; a login that runs out, within a minute. */
@Injectable()
export class LivePermissions implements OnModuleInit, OnModuleDestroy {
  #stop: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly events: DomainEvents,
    private readonly callers: CallerResolver,
    private readonly sockets: LiveSockets,
    private readonly people: ClassPeople,
    private readonly shared: SharedEvents,
  ) {}

  onModuleInit(): void {
    this.#stop = [
      this.events.on('permissions.changed', ({ accountIds }) => this.#ask(accountIds)),
      this.events.on('login.ended', ({ accountId, loginId }) => {
        for (const socket of this.sockets.ofAccount(accountId)) {
          if (loginId === null || socket.loginId === loginId) socket.disconnect();
        }
      }),
    ];
    this.shared.onGap(async () => {
      const accountIds = new Set(this.sockets.all().map(({ caller }) => caller.accountId));
      await Promise.all([this.recheckLogins(), this.#ask([...accountIds])]);
    });
    this.#timer = setInterval(() => void this.recheckLogins(), LOGIN_RECHECK_MS).unref();
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Closes sockets whose login has run out. */
  async recheckLogins(): Promise<void> {
    const sockets = this.sockets.all();
    if (sockets.length === 0) return;
    try {
      const accountIds = [...new Set(sockets.map(({ caller }) => caller.accountId))];
      const live = new Set((await this.callers.liveLogins(accountIds)).map(({ loginId }) => loginId));
      for (const socket of sockets) {
        if (live.has(socket.loginId)) continue;
        log.info({ accountId: socket.caller.accountId }, 'class socket closed: its login has run out');
        socket.disconnect();
      }
    } catch (err) {
      // The database is away: whoever is in stays in, and is asked again.
      log.warn({ err }, 'logins of class sockets not rechecked');
    }
  }

  async #ask(accountIds: readonly AccountId[]): Promise<void> {
    await Promise.all(
      accountIds.map(async (accountId) => {
        const sockets = this.sockets.ofAccount(accountId);
        for (const socket of sockets) socket.permissionsVersion += 1;
        const caller = sockets.length === 0 ? null : await this.callers.callerOf(accountId);
        for (const socket of sockets) {
          if (caller === null) socket.disconnect();
          else this.#become(socket, caller);
        }
      }),
    );
  }

  /** Who lost a stream is sent away: it comes back, and each of its watches is answered anew. */
  #become(socket: LiveSocket, caller: LiveSocket['caller']): void {
    socket.caller = caller;
    for (const { target } of socket.watches.values()) {
      if (!mayWatch(caller, target)) return socket.disconnect();
      if (target.stream === 'class') this.people.entered(socket, target);
    }
  }
}
