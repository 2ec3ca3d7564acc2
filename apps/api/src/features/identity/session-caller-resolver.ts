import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { AccountId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { fromNodeHeaders } from 'better-auth/node';
import { In, type Repository } from 'typeorm';
import { CallerResolver, type LiveLogin, type Login, MembershipSource } from '../../platform/auth/index.ts';
import { Gathering } from '../../platform/gathering/index.ts';
import { AccountDirectory, type AccountRow } from './account-directory.ts';
import { LOGIN_LIBRARY, type LoginLibrary } from './login-library.ts';
import { ProgrammeRoleEntity } from './programme-role.entity.ts';

/** Accounts of one statement: a class that comes in at once, and no more than PostgreSQL answers in a few milliseconds. */
const MAX_GATHERED = 200;

/** Proves a login by its cookie and adds what the account may be: programme roles and memberships, read afresh. */
@Injectable()
export class SessionCallerResolver extends CallerResolver {
  readonly #callers = new Gathering<AccountId, Caller>((ids) => this.#callersOf(ids), MAX_GATHERED);

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
    const caller = (await this.#callersFor([account])).get(account.id);
    return caller === undefined ? null : { caller, loginId: found.session.id };
  }

  callerOf(accountId: AccountId): Promise<Caller | null> {
    return this.#callers.get(accountId);
  }

  async liveLogins(accountIds: readonly AccountId[]): Promise<LiveLogin[]> {
    const { rows } = await this.library.pool.query<{ id: string; userId: AccountId }>(
      'SELECT id, "userId" FROM session WHERE "userId" = ANY ($1) AND "expiresAt" > now()',
      [accountIds],
    );
    return rows.map(({ id, userId }) => ({ accountId: userId, loginId: id }));
  }

  async #callersOf(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Caller>> {
    return this.#callersFor([...(await this.accounts.findMany(accountIds)).values()]);
  }

  async #callersFor(accounts: readonly AccountRow[]): Promise<ReadonlyMap<AccountId, Caller>> {
    const ids = accounts.map(({ id }) => id);
    const [roles, memberships] = await Promise.all([
      this.roles.findBy({ accountId: In(ids) }),
      this.memberships.membershipsOf(ids),
    ]);
    return new Map(
      accounts.map(({ id, name, email }) => [
        id,
        {
          accountId: id,
          name,
          email,
          programmeRoles: roles.filter((row) => row.accountId === id).map((row) => row.role),
          memberships: memberships.get(id) ?? [],
        },
      ]),
    );
  }
}
