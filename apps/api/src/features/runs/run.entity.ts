import type {
  AccountId,
  CohortId,
  GroupId,
  ProfileSignal,
  Run,
  RunId,
  RunKind,
  RunState,
  WorkspaceId,
} from '@lineage/contracts';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** One run and where it stands. What happened in it is in `run_event`. */
@Entity('run')
@Unique('run_one_per_key', ['startedBy', 'idempotencyKey'])
@Index('run_of_workspace', ['workspaceId', 'createdAt'])
@Index('run_unfinished', ['processId'], { where: "state IN ('queued', 'building', 'running')" })
export class RunEntity {
  @PrimaryColumn('uuid')
  id: RunId;

  @Column('uuid')
  workspaceId: WorkspaceId;

  @Column('uuid')
  groupId: GroupId;

  @Column('uuid')
  cohortId: CohortId;

  @Column('text')
  startedBy: AccountId;

  @Column('text')
  idempotencyKey: string;

  /** Of the request's body: the same key with another body is refused. */
  @Column('text')
  requestHash: string;

  @Column('text')
  kind: RunKind;

  @Column('jsonb')
  signals: ProfileSignal[];

  @Column('text')
  state: RunState;

  @Column('text')
  snapshotHash: string;

  @Column('text', { nullable: true })
  limit: Run['limit'];

  @Column('integer', { nullable: true })
  exitCode: number | null;

  @Column('text')
  reason: string;

  @Column('boolean')
  selfReported: boolean;

  @Column('boolean')
  noisy: boolean;

  @Column('integer')
  lastSeq: number;

  @Column('jsonb', { nullable: true })
  tests: Run['tests'];

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;

  /** The API process that sees the run to its end; null when one process is alone. */
  @Column('uuid', { nullable: true })
  processId: string | null;
}
