import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AccountId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { fromNodeHeaders } from 'better-auth/node';
import type { DataSource } from 'typeorm';
import { PreparedStatement } from '../../database/index.ts';
import { CallerResolver, type LiveLogin, type Login, MembershipSource } from '../../platform/auth/index.ts';
import { Gathering } from '../../platform/gathering/index.ts';
import { AccountDirectory, type AccountRow } from './account-directory.ts';
import { FRESH_LOGIN_MS, LOGIN_LIBRARY, type LoginLibrary } from './login-library.ts';
import type { ProgrammeRoleEntity } from './programme-role.entity.ts';
import { readSignedCookie } from './signed-cookie.ts';

type ProvedLogin = { readonly loginId: string; readonly account: AccountRow };
/** What an account may be; one that is missing is nothing. */
type Grants = ReadonlyMap<AccountId, Pick<Caller, 'programmeRoles' | 'memberships'>>;

/** Accounts of one statement: a class that comes in at once, and no more than PostgreSQL answers in a few milliseconds. */
const MAX_GATHERED = 200;
/** Logins whose accounts are remembered: those of the people who are at work here, and some. */
const MAX_REMEMBERED = 10_000;

/** $1 token. */
const LOGIN = new PreparedStatement<AccountRow & { loginId: string; expiresAt: Date }>(
  'login',
  `SELECT s.id AS "loginId", s."expiresAt", u.id, u.name, u.email
    FROM session s JOIN "user" u ON u.id = s."userId" WHERE s.token = $1`,
);
/** $1 accounts. */
const ROLES = new PreparedStatement<Pick<ProgrammeRoleEntity, 'accountId' | 'role'>>(
  'programme-roles',
  'SELECT account_id AS "accountId", role FROM programme_role WHERE account_id = ANY ($1)',
);

/** Proves a login by its cookie and adds what the account may be: programme roles and memberships, read afresh. */
@Injectable()
export class SessionCallerResolver extends CallerResolver {
  readonly #callers = new Gathering<AccountId, Caller>((ids) => this.#callersOf(ids), MAX_GATHERED);
  /**
   * Whose login a token was, which never changes. It proves nothing; it lets what the account may be read while the login is
   * proved, instead of after it.
   */
  readonly #accountOf = new Map<string, AccountId>();

  constructor(
    @Inject(LOGIN_LIBRARY) private readonly library: LoginLibrary,
    private readonly accounts: AccountDirectory,
    private readonly memberships: MembershipSource,
    @InjectDataSource() private readonly db: DataSource,
  ) {
    super();
  }

  async resolve({ cookie }: IncomingHttpHeaders): Promise<Login | null> {
    if (cookie === undefined) return null;
    const token = await this.#tokenIn(cookie);
    const expected = token === null ? undefined : this.#accountOf.get(token);
    const [found, expectedGrants] = await Promise.all([
      this.#prove(cookie, token),
      expected === undefined ? null : this.#grantsOf([expected]),
    ]);
    if (found === null) return null;
    const { account, loginId } = found;
    if (token !== null) this.#remember(token, account.id);
    const grants = expected === account.id ? expectedGrants : null;
    return { caller: toCaller(account, grants ?? (await this.#grantsOf([account.id]))), loginId };
  }

  #remember(token: string, accountId: AccountId): void {
    if (this.#accountOf.has(token)) return;
    const [oldest] = this.#accountOf.keys();
    if (oldest !== undefined && this.#accountOf.size >= MAX_REMEMBERED) this.#accountOf.delete(oldest);
    this.#accountOf.set(token, accountId);
  }

  async #tokenIn(cookie: string): Promise<string | null> {
    const { authCookies, secret } = await this.library.auth.$context;
    return readSignedCookie(cookie, authCookies.sessionToken.name, secret);
  }

  /** A login that needs nothing but to be read costs one question; every other the library ends, renews or refuses. */
  async #prove(cookie: string, token: string | null): Promise<ProvedLogin | null> {
    return (token === null ? null : await this.#freshLogin(token)) ?? this.#login(cookie);
  }

  async #freshLogin(token: string): Promise<ProvedLogin | null> {
    const [row] = await LOGIN.run(this.library.pool, [token]);
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
    const accounts = await this.accounts.findMany(accountIds);
    const grants = await this.#grantsOf([...accounts.keys()]);
    return new Map([...accounts].map(([id, account]) => [id, toCaller(account, grants)]));
  }

  async #grantsOf(ids: readonly AccountId[]): Promise<Grants> {
    const [roles, memberships] = await Promise.all([
      ROLES.run(this.db, [ids]),
      this.memberships.membershipsOf(ids),
    ]);
    return new Map(
      ids.map((id) => [
        id,
        {
          programmeRoles: roles.filter((row) => row.accountId === id).map((row) => row.role),
          memberships: memberships.get(id) ?? [],
        },
      ]),
    );
  }
}

function toCaller({ id, name, email }: AccountRow, grants: Grants): Caller {
  return { accountId: id, name, email, ...(grants.get(id) ?? { programmeRoles: [], memberships: [] }) };
}
