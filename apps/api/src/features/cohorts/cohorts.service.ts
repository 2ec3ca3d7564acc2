import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Cohort, CohortId, CohortSummary } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { type DataSource, In } from 'typeorm';
import { DomainError } from '../../platform/errors/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { ClassSchedule } from './class-schedule.service.ts';
import { CohortAccess } from './cohort-access.service.ts';
import { CohortDirectory, type GroupRow } from './cohort-directory.service.ts';
import { CohortMembershipEntity } from './cohort-membership.entity.ts';
import { CohortEntity } from './cohort.entity.ts';

/** Cohorts as their people see them. */
@Injectable()
export class Cohorts {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly access: CohortAccess,
    private readonly directory: CohortDirectory,
    private readonly schedule: ClassSchedule,
  ) {}

  /** The caller's own; all of them for the owner. Newest first. */
  async list(caller: Caller): Promise<{ cohorts: CohortSummary[] }> {
    const own = caller.memberships.map((m) => m.cohortId);
    const where = caller.programmeRoles.includes('owner') ? {} : { id: In(own) };
    const rows = await this.db.manager.find(CohortEntity, { where, order: { startsOn: 'DESC', id: 'DESC' } });
    const visible = rows.filter(({ id }) => may(caller, 'read', 'Cohort', { id }));
    const counts = await this.#memberCounts(visible.map((row) => row.id));
    const cohorts = visible.map(({ id, title, startsOn }) => ({
      id,
      title,
      startsOn,
      memberCount: counts.get(id) ?? 0,
    }));
    return { cohorts };
  }

  /** @throws DomainError forbidden */
  async create(caller: Caller, wanted: { title: string; startsOn: string }): Promise<Cohort> {
    const id = newId<CohortId>();
    if (!may(caller, 'create', 'Cohort', { id })) {
      throw new DomainError('forbidden', 'Only the owner of the programme can make cohorts. Ask the owner.');
    }
    await this.db.manager.insert(CohortEntity, {
      id,
      ...wanted,
      createdBy: caller.accountId,
      createdAt: new Date(),
    });
    return this.get(caller, id);
  }

  /** @throws DomainError not_found */
  async get(caller: Caller, id: CohortId): Promise<Cohort> {
    const { title, startsOn } = await this.access.get(caller, id);
    const [members, groups, classSessions] = await Promise.all([
      this.directory.membersOf(id),
      this.directory.groupsOf(id),
      this.schedule.listForCohort(id),
    ]);
    return {
      id,
      title,
      startsOn,
      myRole: caller.memberships.find((m) => m.cohortId === id)?.role ?? null,
      members,
      groups: groups.filter((group) => may(caller, 'read', 'Group', group)).map(toGroup),
      classSessions,
    };
  }

  async #memberCounts(ids: readonly CohortId[]): Promise<Map<CohortId, number>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.manager
      .createQueryBuilder(CohortMembershipEntity, 'm')
      .select('m.cohortId', 'id')
      .addSelect('count(*)::int', 'count')
      .where('m.cohortId IN (:...ids)', { ids })
      .groupBy('m.cohortId')
      .getRawMany<{ id: CohortId; count: number }>();
    return new Map(rows.map(({ id, count }) => [id, count]));
  }
}

export const toGroup = ({ id, name, members }: GroupRow): Cohort['groups'][number] => ({
  id,
  name,
  memberIds: members.map((person) => person.id),
});
