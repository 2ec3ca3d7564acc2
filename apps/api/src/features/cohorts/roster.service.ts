import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AccountId, CohortId, CohortRole } from '@lineage/contracts';
import type { DataSource } from 'typeorm';
import { DomainEvents } from '../../platform/events/index.ts';
import { CohortMembershipEntity } from './cohort-membership.entity.ts';

/** Puts people into a cohort without an invitation: for set-up that no person asked for. */
@Injectable()
export class Roster {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly events: DomainEvents,
  ) {}

  async add(
    cohortId: CohortId,
    people: readonly { accountId: AccountId; role: CohortRole }[],
  ): Promise<void> {
    const joinedAt = new Date();
    const rows = people.map(({ accountId, role }) => ({ cohortId, accountId, role, joinedAt }));
    await this.db
      .createQueryBuilder()
      .insert()
      .into(CohortMembershipEntity)
      .values(rows)
      .orIgnore()
      .execute();
    this.events.publish('permissions.changed', { accountIds: people.map((person) => person.accountId) });
  }
}
