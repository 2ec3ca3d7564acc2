import type { AccountId, CohortId, ExerciseId, GroupId, LessonId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The durable working copy of one exercise for one group. Its text is in the log that rooms keep. */
@Entity('workspace')
@Index('workspace_one_per_exercise', ['groupId', 'exerciseId'], {
  unique: true,
  where: '(branch_of IS NULL)',
})
@Index('workspace_branches', ['branchOf'])
@Index('workspace_one_per_key', ['branchOf', 'createdBy', 'branchKey'], { unique: true })
export class WorkspaceEntity {
  @PrimaryColumn('uuid')
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

  /** The workspace whose text this one began with; null for the group's own. */
  @Column('uuid', { nullable: true })
  branchOf: WorkspaceId | null;

  /** The moment of it. */
  @Column('integer', { nullable: true })
  branchEpoch: number | null;

  @Column('integer', { nullable: true })
  branchSeq: number | null;

  /** Of the request that made the branch. */
  @Column('text', { nullable: true })
  branchKey: string | null;
}
