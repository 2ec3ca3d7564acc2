import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { ClassSessionId, ClassSessionSummary, CohortId, LessonId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { Between, type DataSource, type EntityManager, In } from 'typeorm';
import { notFound } from '../../platform/errors/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { CatalogService } from '../catalog/index.ts';
import { ClassSessionEntity } from './class-session.entity.ts';
import { CohortAccess } from './cohort-access.service.ts';
import { GroupEntity } from './group.entity.ts';

const LONGEST_CLASS_MS = 6 * 3_600_000;

export type NewClassSession = {
  readonly title: string;
  readonly startsAt: string;
  readonly lessonIds: readonly LessonId[];
};

/** When a cohort meets, and about which lessons. The classroom keeps `state` in step with its log. */
@Injectable()
export class ClassSchedule {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly access: CohortAccess,
    private readonly catalog: CatalogService,
  ) {}

  /** @throws DomainError not_found: the cohort, or one of the lessons; forbidden */
  async create(caller: Caller, cohortId: CohortId, wanted: NewClassSession): Promise<ClassSessionSummary> {
    await this.access.requireSchedule(caller, cohortId);
    for (const lessonId of wanted.lessonIds) this.catalog.lesson(lessonId);
    const row = {
      id: newId<ClassSessionId>(),
      cohortId,
      title: wanted.title,
      startsAt: new Date(wanted.startsAt),
      lessonIds: [...wanted.lessonIds],
      state: 'scheduled' as const,
      createdBy: caller.accountId,
    };
    await this.db.manager.insert(ClassSessionEntity, row);
    return toSummary(row);
  }

  async find(id: ClassSessionId): Promise<ClassSessionSummary | null> {
    const row = await this.db.manager.findOneBy(ClassSessionEntity, { id });
    return row === null ? null : toSummary(row);
  }

  async listForCohort(cohortId: CohortId): Promise<ClassSessionSummary[]> {
    const rows = await this.db.manager.find(ClassSessionEntity, {
      where: { cohortId },
      order: { startsAt: 'ASC', id: 'ASC' },
    });
    return rows.map(toSummary);
  }

  async liveOf(cohortIds: readonly CohortId[]): Promise<ClassSessionId[]> {
    if (cohortIds.length === 0) return [];
    const rows = await this.db.manager.find(ClassSessionEntity, {
      where: { cohortId: In([...cohortIds]), state: 'live' },
      order: { startsAt: 'DESC', id: 'DESC' },
    });
    return rows.map((row) => row.id);
  }

  /** How many groups have a class session that is live or begins within `leadMs`. One left open since yesterday is none. */
  async countGroupsMeeting(leadMs: number, now = Date.now()): Promise<number> {
    const startsAt = Between(new Date(now - LONGEST_CLASS_MS), new Date(now + leadMs));
    const meeting = await this.db.manager.find(ClassSessionEntity, {
      select: { cohortId: true },
      where: { startsAt, state: In(['scheduled', 'live']) },
    });
    const cohorts = [...new Set(meeting.map(({ cohortId }) => cohortId))];
    return cohorts.length === 0 ? 0 : this.db.manager.countBy(GroupEntity, { cohortId: In(cohorts) });
  }

  /** Holds the row until the caller's transaction ends, so that a log has one writer at a time. @throws DomainError not_found */
  async lock(tx: EntityManager, id: ClassSessionId): Promise<ClassSessionSummary> {
    const row = await tx.findOne(ClassSessionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (row === null) throw notFound('class session');
    return toSummary(row);
  }

  async setState(tx: EntityManager, id: ClassSessionId, state: ClassSessionSummary['state']): Promise<void> {
    await tx.update(ClassSessionEntity, { id }, { state });
  }
}

type Shown = Pick<ClassSessionEntity, 'id' | 'cohortId' | 'title' | 'startsAt' | 'lessonIds' | 'state'>;

function toSummary({ id, cohortId, title, state, startsAt, lessonIds }: Shown): ClassSessionSummary {
  return { id, cohortId, title, state, startsAt: startsAt.toISOString(), lessonIds };
}
