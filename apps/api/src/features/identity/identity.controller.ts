import { Controller, Inject, Res } from '@nestjs/common';
import { firstOwnerSchema, type Instance, type Me } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CONFIG, type Config } from '../../config/index.ts';
import { CallerResolver, CurrentCaller, Public } from '../../platform/auth/index.ts';
import { notFound } from '../../platform/errors/index.ts';
import { Endpoint, EndpointBody } from '../../platform/http/index.ts';
import { Accounts } from './accounts.service.ts';
import { FirstOwner } from './first-owner.service.ts';
import { MeService } from './me.service.ts';

@Controller()
export class IdentityController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly me: MeService,
    private readonly firstOwner: FirstOwner,
    private readonly accounts: Accounts,
    private readonly callers: CallerResolver,
  ) {}

  @Public()
  @Endpoint('getInstance')
  async instance(): Promise<Instance> {
    return {
      demo: this.config.identity.demo,
      needsOwner: await this.firstOwner.isNeeded(),
      version: '0.1.0',
    };
  }

  @Endpoint('getMe')
  getMe(@CurrentCaller() caller: Caller): Promise<Me> {
    return this.me.describe(caller);
  }

  @Public()
  @Endpoint('createFirstOwner')
  async createFirstOwner(
    @EndpointBody('createFirstOwner') body: z.output<typeof firstOwnerSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    const accountId = await this.firstOwner.create(body);
    await this.accounts.signIn(accountId, reply);
    const caller = await this.callers.callerOf(accountId);
    if (caller === null) throw notFound('account');
    return this.me.describe(caller);
  }
}
