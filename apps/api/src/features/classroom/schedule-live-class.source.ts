import { Injectable } from '@nestjs/common';
import type { ClassSessionId, CohortId } from '@lineage/contracts';
import { LiveClassSource } from '../../platform/auth/index.ts';
import { ClassSchedule } from '../cohorts/index.ts';

/** Fills the port that tells a person's client which classes are live. */
@Injectable()
export class ScheduleLiveClassSource extends LiveClassSource {
  constructor(private readonly schedule: ClassSchedule) {
    super();
  }

  liveFor(cohortIds: readonly CohortId[]): Promise<ClassSessionId[]> {
    return this.schedule.liveOf(cohortIds);
  }
}
