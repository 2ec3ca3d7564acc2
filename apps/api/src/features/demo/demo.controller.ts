import { Controller, Res } from '@nestjs/common';
import type { demoSignInSchema, Me, Persona } from '@lineage/contracts';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CallerResolver, Public } from '../../platform/auth/index.ts';
import { notFound } from '../../platform/errors/index.ts';
import { Endpoint, EndpointBody } from '../../platform/http/index.ts';
import { Accounts, MeService } from '../identity/index.ts';
import { DemoAccounts } from './demo-accounts.service.ts';
import { demoPeople } from './demo-people.ts';

/** The demo's doors. Outside demo mode this controller does not exist. */
@Public()
@Controller()
export class DemoController {
  constructor(
    private readonly demo: DemoAccounts,
    private readonly accounts: Accounts,
    private readonly callers: CallerResolver,
    private readonly me: MeService,
  ) {}

  @Endpoint('listPersonas')
  personas(): { personas: Persona[] } {
    return { personas: [...demoPeople] };
  }

  @Endpoint('demoSignIn')
  async signIn(
    @EndpointBody('demoSignIn') { persona }: z.output<typeof demoSignInSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    const accountId = await this.demo.find(persona);
    const caller = accountId === null ? null : await this.callers.callerOf(accountId);
    if (caller === null) throw notFound('persona');
    await this.accounts.signIn(caller.accountId, reply);
    return this.me.describe(caller);
  }
}
