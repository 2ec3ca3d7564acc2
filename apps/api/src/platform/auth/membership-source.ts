import type { AccountId } from '@lineage/contracts';
import type { CallerMembership } from '@lineage/domain';

/** Port that the cohorts feature fills: in which cohorts is this account, as what, in which groups? */
export abstract class MembershipSource {
  abstract membershipsOf(accountId: AccountId): Promise<CallerMembership[]>;
}
