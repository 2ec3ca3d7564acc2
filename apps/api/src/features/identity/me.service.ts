import { Inject, Injectable } from '@nestjs/common';
import type { Me } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { CONFIG, type Config } from '../../config/index.ts';
import { LiveClassSource } from '../../platform/auth/index.ts';
import { toPerson } from './person.ts';

/** What a signed-in person's client needs to know of them first. */
@Injectable()
export class MeService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly liveClasses: LiveClassSource,
  ) {}

  async describe(caller: Caller): Promise<Me> {
    const cohortIds = caller.memberships.map((m) => m.cohortId);
    return {
      account: { ...toPerson({ id: caller.accountId, name: caller.name }), email: caller.email },
      programmeRoles: [...caller.programmeRoles],
      memberships: caller.memberships.map((m) => ({ ...m, groupIds: [...m.groupIds] })),
      liveClassSessionIds: await this.liveClasses.liveFor(cohortIds),
      demo: this.config.identity.demo,
    };
  }
}
