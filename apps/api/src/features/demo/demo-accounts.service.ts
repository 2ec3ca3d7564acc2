import { Injectable } from '@nestjs/common';
import { type AccountId, programmeRoleSchema } from '@lineage/contracts';
import { AccountDirectory, Accounts } from '../identity/index.ts';
import { demoEmailOf, demoPeople } from './demo-people.ts';

/** The accounts behind the personas. They have no password: the demo's doors are the only way in. */
@Injectable()
export class DemoAccounts {
  constructor(
    private readonly accounts: Accounts,
    private readonly directory: AccountDirectory,
  ) {}

  /** Makes those that are missing; answers all of them by persona. */
  async seed(): Promise<ReadonlyMap<string, AccountId>> {
    const found = new Map<string, AccountId>();
    for (const { persona, name, role } of demoPeople) {
      const id =
        (await this.find(persona)) ?? (await this.accounts.create({ name, email: demoEmailOf(persona) }));
      const programmeRole = programmeRoleSchema.safeParse(role);
      if (programmeRole.success) await this.accounts.grant(id, programmeRole.data);
      found.set(persona, id);
    }
    return found;
  }

  async find(persona: string): Promise<AccountId | null> {
    if (!demoPeople.some((person) => person.persona === persona)) return null;
    return (await this.directory.findByEmail(demoEmailOf(persona)))?.id ?? null;
  }
}
