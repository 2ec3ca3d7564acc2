import type { AccountId, CohortId, CohortRole, GroupId, ProgrammeRole } from '@lineage/contracts';

/** Who asks, as the server knows them from the login session; never from what a client claims. */
export type Caller = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly email: string;
  readonly programmeRoles: readonly ProgrammeRole[];
  readonly memberships: readonly CallerMembership[];
};

export type CallerMembership = {
  readonly cohortId: CohortId;
  readonly cohortTitle: string;
  readonly role: CohortRole;
  readonly groupIds: readonly GroupId[];
};
