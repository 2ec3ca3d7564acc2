import type { AccountId, ClassSessionId, ClassSessionSummary, CohortId, LessonId } from '@lineage/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { CohortEntity } from './cohort.entity.ts';

/** A scheduled live meeting. What happens in it is the classroom's log; `state` here follows that log. */
@Entity('class_session')
@Index('class_session_of_cohort', ['cohortId', 'startsAt'])
export class ClassSessionEntity {
  @PrimaryColumn('uuid')
  id: ClassSessionId;

  @Column('uuid')
  cohortId: CohortId;

  @Column('text')
  title: string;

  @Column('timestamptz')
  startsAt: Date;

  @Column('jsonb')
  lessonIds: LessonId[];

  @Column('text')
  state: ClassSessionSummary['state'];

  @Column('text')
  createdBy: AccountId;

  @ManyToOne(() => CohortEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'cohort_id', foreignKeyConstraintName: 'class_session_cohort' })
  cohort: CohortEntity;
}
