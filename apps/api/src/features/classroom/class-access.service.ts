import { Injectable } from '@nestjs/common';
import type { ClassSessionId, ClassSessionSummary } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { DomainError, notFound } from '../../platform/errors/index.ts';
import { ClassSchedule } from '../cohorts/index.ts';

/** The way in to a class session: what the caller may not see does not exist. */
@Injectable()
export class ClassAccess {
  constructor(private readonly schedule: ClassSchedule) {}

  /** @throws DomainError not_found */
  async get(caller: Caller, id: ClassSessionId): Promise<ClassSessionSummary> {
    const summary = await this.schedule.find(id);
    if (summary === null || !may(caller, 'read', 'ClassSession', summary)) throw notFound('class session');
    return summary;
  }

  /** As `get`, and the caller may lead it. @throws DomainError not_found, forbidden */
  async requireLead(caller: Caller, id: ClassSessionId): Promise<ClassSessionSummary> {
    const summary = await this.get(caller, id);
    if (!may(caller, 'lead', 'ClassSession', summary)) {
      throw new DomainError('forbidden', 'Only an instructor of this cohort can lead its class.');
    }
    return summary;
  }
}
