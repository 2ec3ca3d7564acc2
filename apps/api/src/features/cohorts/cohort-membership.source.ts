import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AccountId } from '@lineage/contracts';
import type { CallerMembership } from '@lineage/domain';
import type { DataSource } from 'typeorm';
import { PreparedStatement } from '../../database/index.ts';
import { MembershipSource } from '../../platform/auth/index.ts';

/** $1 accounts. */
const MEMBERSHIPS = new PreparedStatement<CallerMembership & { accountId: AccountId }>(
  'memberships',
  `SELECT m.account_id AS "accountId", m.cohort_id AS "cohortId", c.title AS "cohortTitle", m.role,
      coalesce(array_agg(g.id::text ORDER BY g.created_at, g.id) FILTER (WHERE g.id IS NOT NULL), '{}') AS "groupIds"
    FROM cohort_membership m
    JOIN cohort c ON c.id = m.cohort_id
    LEFT JOIN (cohort_group g JOIN cohort_group_member gm ON gm.group_id = g.id AND gm.account_id = ANY ($1))
      ON g.cohort_id = m.cohort_id AND gm.account_id = m.account_id
    WHERE m.account_id = ANY ($1)
    GROUP BY m.account_id, m.cohort_id, c.title, m.role, c.starts_on
    ORDER BY c.starts_on DESC, m.cohort_id`,
);

/** Fills the port that every transport's caller is made from: one statement for all who are asked about, read afresh each time. */
@Injectable()
export class CohortMembershipSource extends MembershipSource {
  constructor(@InjectDataSource() private readonly db: DataSource) {
    super();
  }

  async membershipsOf(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, CallerMembership[]>> {
    const rows = await MEMBERSHIPS.run(this.db, [accountIds]);
    const grouped = new Map<AccountId, CallerMembership[]>();
    for (const { accountId, ...membership } of rows) {
      const own = grouped.get(accountId);
      if (own === undefined) grouped.set(accountId, [membership]);
      else own.push(membership);
    }
    return grouped;
  }
}
