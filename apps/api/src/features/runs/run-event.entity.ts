import type { RunEventBody, RunId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One thing that happened in a run; `seq` begins at 1 and has no gap. */
@Entity('run_event')
export class RunEventEntity {
  @PrimaryColumn('uuid')
  runId: RunId;

  @PrimaryColumn('integer')
  seq: number;

  @Column('double precision')
  atMs: number;

  @Column('jsonb')
  body: RunEventBody;
}
