import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AccountId, CohortId, Group, GroupId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { type DataSource, type EntityManager, In } from 'typeorm';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { CohortAccess } from './cohort-access.service.ts';
import { CohortDirectory } from './cohort-directory.service.ts';
import { CohortMembershipEntity } from './cohort-membership.entity.ts';
import { toGroup } from './cohorts.service.ts';
import { GroupMemberEntity } from './group-member.entity.ts';
import { GroupEntity } from './group.entity.ts';

/** Groups of learners. Whoever is moved hears of it at once: open sockets ask the policy again. */
@Injectable()
export class Groups {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly access: CohortAccess,
    private readonly directory: CohortDirectory,
    private readonly events: DomainEvents,
  ) {}

  /** @throws DomainError not_found, forbidden, bad_request */
  async create(
    caller: Caller,
    cohortId: CohortId,
    wanted: { name: string; memberIds: readonly AccountId[] },
  ): Promise<Group> {
    const id = newId<GroupId>();
    await this.access.requireNewGroup(caller, cohortId, id);
    await this.db.transaction(async (tx) => {
      await tx.insert(GroupEntity, { id, cohortId, name: wanted.name, createdAt: new Date() });
      await replaceMembers(tx, { id, cohortId }, wanted.memberIds);
    });
    return this.#moved(id, wanted.memberIds);
  }

  /** @throws DomainError not_found, forbidden, bad_request */
  async setMembers(caller: Caller, id: GroupId, memberIds: readonly AccountId[]): Promise<Group> {
    const group = await this.access.requireGroup(caller, id, 'update');
    const before = await this.db.transaction((tx) => replaceMembers(tx, group, memberIds));
    return this.#moved(id, [...before, ...memberIds]);
  }

  async #moved(id: GroupId, accountIds: readonly AccountId[]): Promise<Group> {
    const group = await this.directory.findGroup(id);
    if (group === null) throw notFound('group');
    this.events.publish('permissions.changed', { accountIds: [...new Set(accountIds)] });
    return toGroup(group);
  }
}

/** Sets who is in the group; answers who was. Only learners of its cohort can be. */
async function replaceMembers(
  tx: EntityManager,
  { id, cohortId }: { id: GroupId; cohortId: CohortId },
  memberIds: readonly AccountId[],
): Promise<AccountId[]> {
  const wanted = [...new Set(memberIds)];
  // Two who change one group at once take turns.
  await tx.findOne(GroupEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  const learners = await tx.findBy(CohortMembershipEntity, {
    cohortId,
    accountId: In(wanted),
    role: 'learner',
  });
  if (learners.length !== wanted.length) {
    throw new DomainError(
      'bad_request',
      'Only learners of this cohort can be in a group. Invite them as learners first.',
    );
  }
  const before = await tx.findBy(GroupMemberEntity, { groupId: id });
  await tx.delete(GroupMemberEntity, { groupId: id });
  if (wanted.length > 0)
    await tx.insert(
      GroupMemberEntity,
      wanted.map((accountId) => ({ groupId: id, accountId })),
    );
  return before.map((row) => row.accountId);
}
