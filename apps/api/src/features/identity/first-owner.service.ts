import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { AccountId } from '@lineage/contracts';
import { IsNull, MoreThan, Repository } from 'typeorm';
import { DomainError } from '../../platform/errors/index.ts';
import { AccountDirectory } from './account-directory.ts';
import { Accounts } from './accounts.service.ts';
import { FirstOwnerLinkEntity } from './first-owner-link.entity.ts';
import { ProgrammeRoleEntity } from './programme-role.entity.ts';

const LINK_LIFETIME_MS = 60 * 60 * 1000;

/** A new instance has nobody who could invite anybody: a link printed at start makes its first owner. */
@Injectable()
export class FirstOwner {
  constructor(
    @InjectRepository(FirstOwnerLinkEntity) private readonly links: Repository<FirstOwnerLinkEntity>,
    @InjectRepository(ProgrammeRoleEntity) private readonly roles: Repository<ProgrammeRoleEntity>,
    private readonly accounts: Accounts,
    private readonly directory: AccountDirectory,
  ) {}

  async isNeeded(): Promise<boolean> {
    return !(await this.roles.existsBy({ role: 'owner' }));
  }

  /** A fresh token; earlier ones stop working. It exists nowhere but in the answer. */
  async issueToken(): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.links.clear();
    await this.links.insert({
      tokenHash: hash(token),
      expiresAt: new Date(Date.now() + LINK_LIFETIME_MS),
      usedAt: null,
    });
    return token;
  }

  /** @throws DomainError gone: the link was used or is over; conflict: the address has an account. */
  async create(request: {
    token: string;
    name: string;
    email: string;
    password: string;
  }): Promise<AccountId> {
    if ((await this.directory.findByEmail(request.email)) !== null) {
      throw new DomainError(
        'conflict',
        'There is an account with this e-mail address already. Use another one.',
      );
    }
    const taken = await this.links.update(
      { tokenHash: hash(request.token), usedAt: IsNull(), expiresAt: MoreThan(new Date()) },
      { usedAt: new Date() },
    );
    if (taken.affected !== 1 || !(await this.isNeeded())) {
      throw new DomainError(
        'gone',
        'This link was used or is over an hour old. Start the server again for a new one.',
      );
    }
    const { token: _, ...account } = request;
    const accountId = await this.accounts.create(account);
    await this.accounts.grant(accountId, 'owner');
    return accountId;
  }
}

const hash = (token: string): Buffer => createHash('sha256').update(token).digest();
