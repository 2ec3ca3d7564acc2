import type { AccountId } from '@lineage/contracts';
import type { CallerMembership } from '@lineage/domain';

/** Port that the cohorts feature fills: in which cohorts are these accounts, as what, in which groups? */
export abstract class MembershipSource {
  /** Accounts that are in no cohort may be missing. */
  abstract membershipsOf(
    accountIds: readonly AccountId[],
  ): Promise<ReadonlyMap<AccountId, CallerMembership[]>>;
}
