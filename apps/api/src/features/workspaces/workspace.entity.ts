import type { AccountId, CohortId, ExerciseId, GroupId, LessonId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The durable working copy of one exercise for one group. Its text is in the log that rooms keep. */
@Entity('workspace')
@Unique('workspace_one_per_exercise', ['groupId', 'exerciseId'])
export class WorkspaceEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'workspace_pkey' })
  id: WorkspaceId;

  @Column('uuid')
  cohortId: CohortId;

  @Column('uuid')
  groupId: GroupId;

  @Column('text')
  exerciseId: ExerciseId;

  @Column('text')
  lessonId: LessonId;

  /** Rises by one with each reset. */
  @Column('integer')
  epoch: number;

  @Column('text')
  createdBy: AccountId;

  @Column('timestamptz')
  createdAt: Date;
}
