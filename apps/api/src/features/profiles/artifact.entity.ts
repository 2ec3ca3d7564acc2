import type { Artifact, ArtifactId, CohortId, GroupId, Run, RunId, WorkspaceId } from '@lineage/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a run gave besides its output. Who may see it follows from the workspace of its run. */
@Entity('artifact')
@Index('artifact_of_run', ['runId'])
@Index('artifact_of_content', ['sha256'])
export class ArtifactEntity {
  @PrimaryColumn('uuid')
  id: ArtifactId;

  @Column('uuid')
  runId: RunId;

  @Column('uuid')
  workspaceId: WorkspaceId;

  @Column('uuid')
  groupId: GroupId;

  @Column('uuid')
  cohortId: CohortId;

  @Column('text')
  name: string;

  @Column('text')
  kind: Artifact['kind'];

  @Column('integer')
  sizeBytes: number;

  @Column('text')
  sha256: string;

  @Column('boolean')
  truncated: boolean;

  /** The dearest function, for summaries; null for what has none. */
  @Column('jsonb', { nullable: true })
  hot: Run['hot'];

  @Column('timestamptz')
  createdAt: Date;
}
