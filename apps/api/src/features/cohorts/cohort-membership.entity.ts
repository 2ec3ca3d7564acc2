import type { AccountId, CohortId, CohortRole } from '@lineage/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { CohortEntity } from './cohort.entity.ts';

/** Account x cohort x role: one role for each account in a cohort. */
@Entity('cohort_membership')
@Index('cohort_membership_of_account', ['accountId'])
export class CohortMembershipEntity {
  @PrimaryColumn('uuid')
  cohortId: CohortId;

  @PrimaryColumn('text')
  accountId: AccountId;

  @Column('text')
  role: CohortRole;

  @Column('timestamptz')
  joinedAt: Date;

  @ManyToOne(() => CohortEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'cohort_id', foreignKeyConstraintName: 'cohort_membership_cohort' })
  cohort: CohortEntity;
}
