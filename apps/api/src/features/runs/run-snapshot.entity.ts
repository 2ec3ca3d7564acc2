import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The files that runs were started from, once for each content. */
@Entity('run_snapshot')
export class RunSnapshotEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'run_snapshot_pkey' })
  hash: string;

  @Column('jsonb')
  files: { path: string; content: string }[];
}
