import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { CohortId, GroupId } from '@lineage/contracts';
import { type Action, type Caller, may } from '@lineage/domain';
import type { DataSource } from 'typeorm';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { CohortEntity } from './cohort.entity.ts';
import { GroupEntity } from './group.entity.ts';

/** The way in to a cohort and its groups: what the caller may not see does not exist. */
@Injectable()
export class CohortAccess {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** @throws DomainError not_found */
  async get(caller: Caller, id: CohortId): Promise<CohortEntity> {
    const cohort = may(caller, 'read', 'Cohort', { id })
      ? await this.db.manager.findOneBy(CohortEntity, { id })
      : null;
    if (cohort === null) throw notFound('cohort');
    return cohort;
  }

  /** As `get`, and the caller may invite into it. @throws DomainError not_found, forbidden */
  async requireInvite(caller: Caller, id: CohortId): Promise<CohortEntity> {
    const cohort = await this.get(caller, id);
    if (!may(caller, 'invite', 'Cohort', { id })) throw notYours('invite people');
    return cohort;
  }

  /** As `get`, and the caller may plan the cohort's class sessions. @throws DomainError not_found, forbidden */
  async requireSchedule(caller: Caller, id: CohortId): Promise<CohortEntity> {
    const cohort = await this.get(caller, id);
    if (!may(caller, 'create', 'ClassSession', { cohortId: id })) throw notYours('schedule a class');
    return cohort;
  }

  /** @throws DomainError not_found, forbidden */
  async requireNewGroup(caller: Caller, id: CohortId, groupId: GroupId): Promise<CohortEntity> {
    const cohort = await this.get(caller, id);
    if (!may(caller, 'create', 'Group', { id: groupId, cohortId: id })) throw notYours('make groups');
    return cohort;
  }

  /** @throws DomainError not_found, forbidden */
  async requireGroup(caller: Caller, id: GroupId, action: Action): Promise<GroupEntity> {
    const group = await this.db.manager.findOneBy(GroupEntity, { id });
    if (group === null || !may(caller, 'read', 'Group', group)) throw notFound('group');
    if (!may(caller, action, 'Group', group)) throw notYours('change groups');
    return group;
  }
}

const notYours = (what: string): DomainError =>
  new DomainError('forbidden', `Only the cohort's instructor or the owner can ${what}. Ask one of them.`);
