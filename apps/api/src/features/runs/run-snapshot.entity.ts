import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The files that runs were started from, once for each content. */
@Entity('run_snapshot')
export class RunSnapshotEntity {
  @PrimaryColumn('text')
  hash: string;

  @Column('jsonb')
  files: { path: string; content: string }[];
}
