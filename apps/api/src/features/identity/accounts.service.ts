import { Inject, Injectable } from '@nestjs/common';
import type { AccountId, ProgrammeRole } from '@lineage/contracts';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import type { Repository } from 'typeorm';
import { LOGIN_LIBRARY, type LoginLibrary } from './login-library.ts';
import { ProgrammeRoleEntity } from './programme-role.entity.ts';
import { signedCookie } from './signed-cookie.ts';

/** Makes accounts and opens login sessions for them; passwords and rows are the login library's. */
@Injectable()
export class Accounts {
  constructor(
    @Inject(LOGIN_LIBRARY) private readonly library: LoginLibrary,
    @InjectRepository(ProgrammeRoleEntity) private readonly roles: Repository<ProgrammeRoleEntity>,
  ) {}

  /** Without a password the account can be entered only by who calls {@link signIn} (the demo). */
  async create(account: { name: string; email: string; password?: string }): Promise<AccountId> {
    const context = await this.library.auth.$context;
    const user = await context.internalAdapter.createUser(
      { name: account.name, email: account.email.toLowerCase(), emailVerified: false },
      { method: 'email-password' },
    );
    if (account.password !== undefined) {
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: await context.password.hash(account.password),
      });
    }
    return user.id as AccountId;
  }

  async grant(accountId: AccountId, role: ProgrammeRole): Promise<void> {
    await this.roles.upsert({ accountId, role }, ['accountId', 'role']);
  }

  /** Opens a login session and sets its cookie on the reply. */
  async signIn(accountId: AccountId, reply: FastifyReply): Promise<void> {
    const context = await this.library.auth.$context;
    const session = await context.internalAdapter.createSession(accountId);
    const { name, attributes } = context.authCookies.sessionToken;
    void reply.header('set-cookie', signedCookie(name, session.token, context.secret, attributes));
  }
}
