import type { RunEventBody, RunId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const pkey = (): { primaryKeyConstraintName: string } => ({ primaryKeyConstraintName: 'run_event_pkey' });

/** One thing that happened in a run; `seq` begins at 1 and has no gap. */
@Entity('run_event')
export class RunEventEntity {
  @PrimaryColumn('uuid', pkey())
  runId: RunId;

  @PrimaryColumn('integer', pkey())
  seq: number;

  @Column('double precision')
  atMs: number;

  @Column('jsonb')
  body: RunEventBody;
}
