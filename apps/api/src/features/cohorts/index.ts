import { ClassSessionEntity } from './class-session.entity.ts';
import { CohortMembershipEntity } from './cohort-membership.entity.ts';
import { CohortEntity } from './cohort.entity.ts';
import { GroupMemberEntity } from './group-member.entity.ts';
import { GroupEntity } from './group.entity.ts';
import { InvitationEntity } from './invitation.entity.ts';
import { Cohorts1764000001001 } from './migrations/1-cohorts.migration.ts';

export { ClassSchedule } from './class-schedule.service.ts';
export { CohortDirectory, type GroupRow } from './cohort-directory.service.ts';
export { CohortsModule } from './cohorts.module.ts';
export { Cohorts } from './cohorts.service.ts';
export { Groups } from './groups.service.ts';
export { Roster } from './roster.service.ts';

export const cohortsEntities = [
  CohortEntity,
  CohortMembershipEntity,
  GroupEntity,
  GroupMemberEntity,
  InvitationEntity,
  ClassSessionEntity,
];
export const cohortsMigrations = [Cohorts1764000001001];
