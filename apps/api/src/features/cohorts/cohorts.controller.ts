import { Controller, Param } from '@nestjs/common';
import {
  type ClassSessionSummary,
  type Cohort,
  type CohortId,
  cohortIdSchema,
  type CohortSummary,
  type createClassSessionSchema,
  type createCohortSchema,
  type createGroupSchema,
  type createInvitationSchema,
  type Group,
  type GroupId,
  groupIdSchema,
  type Invitation,
  type invitationPreviewSchema,
  type invitationTokenSchema,
  type setGroupMembersSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { z } from 'zod';
import { CurrentCaller, Public } from '../../platform/auth/index.ts';
import { Endpoint, EndpointBody } from '../../platform/http/index.ts';
import { ClassSchedule } from './class-schedule.service.ts';
import { Cohorts } from './cohorts.service.ts';
import { Groups } from './groups.service.ts';
import { Invitations } from './invitations.service.ts';

const CohortParam = (): ParameterDecorator => Param('cohortId', { schema: cohortIdSchema });

@Controller()
export class CohortsController {
  constructor(
    private readonly cohorts: Cohorts,
    private readonly groups: Groups,
    private readonly invitations: Invitations,
    private readonly schedule: ClassSchedule,
  ) {}

  @Endpoint('listCohorts')
  list(@CurrentCaller() caller: Caller): Promise<{ cohorts: CohortSummary[] }> {
    return this.cohorts.list(caller);
  }

  @Endpoint('createCohort')
  create(
    @CurrentCaller() caller: Caller,
    @EndpointBody('createCohort') body: z.output<typeof createCohortSchema>,
  ): Promise<Cohort> {
    return this.cohorts.create(caller, body);
  }

  @Endpoint('getCohort')
  get(@CurrentCaller() caller: Caller, @CohortParam() id: CohortId): Promise<Cohort> {
    return this.cohorts.get(caller, id);
  }

  @Endpoint('createInvitation')
  invite(
    @CurrentCaller() caller: Caller,
    @CohortParam() id: CohortId,
    @EndpointBody('createInvitation') body: z.output<typeof createInvitationSchema>,
  ): Promise<Invitation> {
    return this.invitations.create(caller, id, body);
  }

  @Public()
  @Endpoint('previewInvitation')
  preview(
    @EndpointBody('previewInvitation') { token }: z.output<typeof invitationTokenSchema>,
  ): Promise<z.output<typeof invitationPreviewSchema>> {
    return this.invitations.preview(token);
  }

  @Endpoint('acceptInvitation')
  accept(
    @CurrentCaller() caller: Caller,
    @EndpointBody('acceptInvitation') { token }: z.output<typeof invitationTokenSchema>,
  ): Promise<{ cohortId: CohortId }> {
    return this.invitations.accept(caller, token);
  }

  @Endpoint('createGroup')
  createGroup(
    @CurrentCaller() caller: Caller,
    @CohortParam() id: CohortId,
    @EndpointBody('createGroup') body: z.output<typeof createGroupSchema>,
  ): Promise<Group> {
    return this.groups.create(caller, id, body);
  }

  @Endpoint('setGroupMembers')
  setGroupMembers(
    @CurrentCaller() caller: Caller,
    @Param('groupId', { schema: groupIdSchema }) id: GroupId,
    @EndpointBody('setGroupMembers') { memberIds }: z.output<typeof setGroupMembersSchema>,
  ): Promise<Group> {
    return this.groups.setMembers(caller, id, memberIds);
  }

  @Endpoint('createClassSession')
  createClassSession(
    @CurrentCaller() caller: Caller,
    @CohortParam() id: CohortId,
    @EndpointBody('createClassSession') body: z.output<typeof createClassSessionSchema>,
  ): Promise<ClassSessionSummary> {
    return this.schedule.create(caller, id, body);
  }
}
