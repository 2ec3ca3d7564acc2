import { Global, Module } from '@nestjs/common';
import { MembershipSource } from '../../platform/auth/index.ts';
import { CatalogModule } from '../catalog/index.ts';
import { ClassSchedule } from './class-schedule.service.ts';
import { CohortAccess } from './cohort-access.service.ts';
import { CohortDirectory } from './cohort-directory.service.ts';
import { CohortMembershipSource } from './cohort-membership.source.ts';
import { CohortsController } from './cohorts.controller.ts';
import { Cohorts } from './cohorts.service.ts';
import { Groups } from './groups.service.ts';
import { Invitations } from './invitations.service.ts';
import { Roster } from './roster.service.ts';

/** Global, because identity makes every caller from the memberships kept here. */
@Global()
@Module({
  imports: [CatalogModule],
  controllers: [CohortsController],
  providers: [
    { provide: MembershipSource, useClass: CohortMembershipSource },
    ClassSchedule,
    CohortAccess,
    CohortDirectory,
    Cohorts,
    Groups,
    Invitations,
    Roster,
  ],
  exports: [MembershipSource, ClassSchedule, CohortDirectory, Cohorts, Groups, Roster],
})
export class CohortsModule {}
