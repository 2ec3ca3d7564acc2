import { Injectable } from '@nestjs/common';
import { type AccountId, type Cohort, type CohortId, cohortRoleSchema } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { CallerResolver } from '../../platform/auth/index.ts';
import { notFound } from '../../platform/errors/index.ts';
import { CatalogService } from '../catalog/index.ts';
import { ClassSchedule, Cohorts, Groups, Roster } from '../cohorts/index.ts';
import { demoClassTitle, demoCohortTitle, demoGroupNames, demoPeople } from './demo-people.ts';

/** Lessons that the demo's class goes through, by their numbers in the curriculum. */
const lessonNumbers = new Set(['1.1', '2.1', '2.2']);

type AccountsByPersona = ReadonlyMap<string, AccountId>;

/** The demo's cohort, made by its owner with the same services that a person's clicks reach. */
@Injectable()
export class DemoCohort {
  constructor(
    private readonly callers: CallerResolver,
    private readonly cohorts: Cohorts,
    private readonly roster: Roster,
    private readonly groups: Groups,
    private readonly schedule: ClassSchedule,
    private readonly catalog: CatalogService,
  ) {}

  async seed(accounts: AccountsByPersona): Promise<void> {
    const ownerId = accounts.get('owner');
    const owner = ownerId === undefined ? null : await this.callers.callerOf(ownerId);
    if (owner === null) throw notFound('demo owner');
    const cohort = await this.#cohort(owner);
    await this.#people(cohort.id, accounts);
    await this.#groups(owner, cohort, accounts);
    await this.#classForToday(owner, cohort);
  }

  async #cohort(owner: Caller): Promise<Cohort> {
    const { cohorts } = await this.cohorts.list(owner);
    const found = cohorts.find((cohort) => cohort.title === demoCohortTitle);
    const startsOn = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
    return found === undefined
      ? this.cohorts.create(owner, { title: demoCohortTitle, startsOn })
      : this.cohorts.get(owner, found.id);
  }

  async #people(cohortId: CohortId, accounts: AccountsByPersona): Promise<void> {
    const people = demoPeople.flatMap(({ persona, role }) => {
      const cohortRole = cohortRoleSchema.safeParse(role);
      const accountId = accounts.get(persona);
      return cohortRole.success && accountId !== undefined ? [{ accountId, role: cohortRole.data }] : [];
    });
    await this.roster.add(cohortId, people);
  }

  async #groups(owner: Caller, cohort: Cohort, accounts: AccountsByPersona): Promise<void> {
    for (const name of demoGroupNames) {
      if (cohort.groups.some((group) => group.name === name)) continue;
      const memberIds = demoPeople.flatMap((person) =>
        person.groupName === name ? (accounts.get(person.persona) ?? []) : [],
      );
      await this.groups.create(owner, cohort.id, { name, memberIds });
    }
  }

  /** Another one when the last is over: a demo can always be led. */
  async #classForToday(owner: Caller, cohort: Cohort): Promise<void> {
    if (cohort.classSessions.some((session) => session.state !== 'ended')) return;
    const lessons = this.catalog.catalog().chapters.flatMap((chapter) => chapter.lessons);
    const lessonIds = lessons.filter((lesson) => lessonNumbers.has(lesson.number)).map((lesson) => lesson.id);
    const startsAt = new Date().toISOString();
    await this.schedule.create(owner, cohort.id, { title: demoClassTitle, startsAt, lessonIds });
  }
}
