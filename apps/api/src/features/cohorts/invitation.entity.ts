import type { AccountId, CohortId, CohortRole, GroupId } from '@lineage/contracts';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { CohortEntity } from './cohort.entity.ts';
import { GroupEntity } from './group.entity.ts';

/** A link into a cohort, kept as the hash of its token. It ends by time or by use. */
@Entity('cohort_invitation')
export class InvitationEntity {
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  @Column('uuid')
  cohortId: CohortId;

  @Column('uuid', { nullable: true })
  groupId: GroupId | null;

  @Column('text')
  role: CohortRole;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('integer')
  maxUses: number;

  @Column('integer')
  uses: number;

  @Column('text')
  createdBy: AccountId;

  @ManyToOne(() => CohortEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'cohort_id', foreignKeyConstraintName: 'cohort_invitation_cohort' })
  cohort: CohortEntity;

  @ManyToOne(() => GroupEntity, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'group_id', foreignKeyConstraintName: 'cohort_invitation_group' })
  group: GroupEntity | null;
}
