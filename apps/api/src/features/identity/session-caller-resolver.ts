import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { AccountId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { fromNodeHeaders } from 'better-auth/node';
import type { Repository } from 'typeorm';
import { CallerResolver, type LiveLogin, type Login, MembershipSource } from '../../platform/auth/index.ts';
import { AccountDirectory, type AccountRow } from './account-directory.ts';
import { LOGIN_LIBRARY, type LoginLibrary } from './login-library.ts';
import { ProgrammeRoleEntity } from './programme-role.entity.ts';

/** Proves a login by its cookie and adds what the account may be: programme roles and memberships, read afresh. */
@Injectable()
export class SessionCallerResolver extends CallerResolver {
  constructor(
    @Inject(LOGIN_LIBRARY) private readonly library: LoginLibrary,
    private readonly accounts: AccountDirectory,
    private readonly memberships: MembershipSource,
    @InjectRepository(ProgrammeRoleEntity) private readonly roles: Repository<ProgrammeRoleEntity>,
  ) {
    super();
  }

  async resolve(headers: IncomingHttpHeaders): Promise<Login | null> {
    if (headers.cookie === undefined) return null;
    const found = await this.library.auth.api.getSession({
      headers: fromNodeHeaders({ cookie: headers.cookie }),
    });
    if (found === null) return null;
    const account = { id: found.user.id as AccountId, name: found.user.name, email: found.user.email };
    return { caller: await this.#callerFor(account), loginId: found.session.id };
  }

  async callerOf(accountId: AccountId): Promise<Caller | null> {
    const account = await this.accounts.find(accountId);
    return account === null ? null : this.#callerFor(account);
  }

  async liveLogins(accountIds: readonly AccountId[]): Promise<LiveLogin[]> {
    const { rows } = await this.library.pool.query<{ id: string; userId: AccountId }>(
      'SELECT id, "userId" FROM session WHERE "userId" = ANY ($1) AND "expiresAt" > now()',
      [accountIds],
    );
    return rows.map(({ id, userId }) => ({ accountId: userId, loginId: id }));
  }

  async #callerFor(account: AccountRow): Promise<Caller> {
    const [roles, memberships] = await Promise.all([
      this.roles.findBy({ accountId: account.id }),
      this.memberships.membershipsOf(account.id),
    ]);
    return {
      accountId: account.id,
      name: account.name,
      email: account.email,
      programmeRoles: roles.map((row) => row.role),
      memberships,
    };
  }
}
