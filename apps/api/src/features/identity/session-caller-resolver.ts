import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { AccountId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { fromNodeHeaders } from 'better-auth/node';
import type { Repository } from 'typeorm';
import { CallerResolver, type LiveLogin, type Login, MembershipSource } from '../../platform/auth/index.ts';
import { Gathering } from '../../platform/gathering/index.ts';
import { AccountDirectory, type AccountRow } from './account-directory.ts';
import { FRESH_LOGIN_MS, LOGIN_LIBRARY, type LoginLibrary } from './login-library.ts';
import { ProgrammeRoleEntity } from './programme-role.entity.ts';
import { readSignedCookie } from './signed-cookie.ts';

type ProvedLogin = { readonly loginId: string; readonly account: AccountRow };

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
    const found = (await this.#freshLogin(headers.cookie)) ?? (await this.#login(headers.cookie));
    if (found === null) return null;
    const caller = (await this.#callersFor([found.account])).get(found.account.id);
    return caller === undefined ? null : { caller, loginId: found.loginId };
  }

  /**
   * The login of a cookie that needs nothing but to be read, in one question: every command waits for it. Null for every
   * other, which the library ends, renews or refuses.
   */
  async #freshLogin(cookie: string): Promise<ProvedLogin | null> {
    const { authCookies, secret } = await this.library.auth.$context;
    const token = readSignedCookie(cookie, authCookies.sessionToken.name, secret);
    if (token === null) return null;
    const { rows } = await this.library.pool.query<AccountRow & { loginId: string; expiresAt: Date }>(
      `SELECT s.id AS "loginId", s."expiresAt", u.id, u.name, u.email
        FROM session s JOIN "user" u ON u.id = s."userId" WHERE s.token = $1`,
      [token],
    );
    const [row] = rows;
    if (row === undefined || row.expiresAt.getTime() <= Date.now() + FRESH_LOGIN_MS) return null;
    const { loginId, id, name, email } = row;
    return { loginId, account: { id, name, email } };
  }

  async #login(cookie: string): Promise<ProvedLogin | null> {
    const found = await this.library.auth.api.getSession({ headers: fromNodeHeaders({ cookie }) });
    if (found === null) return null;
    const { id, name, email } = found.user;
    return { loginId: found.session.id, account: { id: id as AccountId, name, email } };
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
      this.roles.query<ProgrammeRoleEntity[]>(
        'SELECT account_id AS "accountId", role FROM programme_role WHERE account_id = ANY ($1)',
        [ids],
      ),
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
