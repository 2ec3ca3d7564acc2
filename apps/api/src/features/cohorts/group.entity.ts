import type { CohortId, GroupId } from '@lineage/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { CohortEntity } from './cohort.entity.ts';

/** Learners of one cohort that work as one. */
@Entity('cohort_group')
@Index('cohort_group_of_cohort', ['cohortId'])
export class GroupEntity {
  @PrimaryColumn('uuid')
  id: GroupId;

  @Column('uuid')
  cohortId: CohortId;

  @Column('text')
  name: string;

  @Column('timestamptz')
  createdAt: Date;

  @ManyToOne(() => CohortEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'cohort_id', foreignKeyConstraintName: 'cohort_group_cohort' })
  cohort: CohortEntity;
}
