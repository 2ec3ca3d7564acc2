import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AccountId, CohortId, GroupId, Member, Person } from '@lineage/contracts';
import { type DataSource, In } from 'typeorm';
import { AccountDirectory, toPerson } from '../identity/index.ts';
import { CohortMembershipEntity } from './cohort-membership.entity.ts';
import { GroupMemberEntity } from './group-member.entity.ts';
import { GroupEntity } from './group.entity.ts';

/** What other features may know of a group. */
export type GroupRow = {
  readonly id: GroupId;
  readonly cohortId: CohortId;
  readonly name: string;
  readonly members: readonly Person[];
};

/** Who is in which cohort and group, without asking who wants to know: for work that was authorised before. */
@Injectable()
export class CohortDirectory {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly accounts: AccountDirectory,
  ) {}

  async findGroup(id: GroupId): Promise<GroupRow | null> {
    const group = await this.db.manager.findOneBy(GroupEntity, { id });
    return group === null ? null : ((await this.#withMembers([group]))[0] ?? null);
  }

  /** In the order in which they were made. */
  async groupsOf(cohortId: CohortId): Promise<GroupRow[]> {
    return this.#withMembers(
      await this.db.manager.find(GroupEntity, {
        where: { cohortId },
        order: { createdAt: 'ASC', id: 'ASC' },
      }),
    );
  }

  /** In the order in which they joined. */
  async membersOf(cohortId: CohortId): Promise<Member[]> {
    const rows = await this.db.manager.find(CohortMembershipEntity, {
      where: { cohortId },
      order: { joinedAt: 'ASC', accountId: 'ASC' },
    });
    const people = await this.peopleOf(rows.map((row) => row.accountId));
    return rows.flatMap(({ accountId, role }) => {
      const person = people.get(accountId);
      return person === undefined ? [] : [{ person, role }];
    });
  }

  async peopleOf(ids: readonly AccountId[]): Promise<Map<AccountId, Person>> {
    const accounts = await this.accounts.findMany([...new Set(ids)]);
    return new Map([...accounts].map(([id, account]) => [id, toPerson(account)]));
  }

  async #withMembers(groups: readonly GroupEntity[]): Promise<GroupRow[]> {
    if (groups.length === 0) return [];
    const rows = await this.db.manager.find(GroupMemberEntity, {
      where: { groupId: In(groups.map((group) => group.id)) },
      order: { accountId: 'ASC' },
    });
    const people = await this.peopleOf(rows.map((row) => row.accountId));
    return groups.map(({ id, cohortId, name }) => ({
      id,
      cohortId,
      name,
      members: rows.flatMap((row) => (row.groupId === id ? (people.get(row.accountId) ?? []) : [])),
    }));
  }
}
