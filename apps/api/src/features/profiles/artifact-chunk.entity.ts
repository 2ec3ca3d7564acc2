import { Column, Entity, PrimaryColumn } from 'typeorm';

const pkey = (): { primaryKeyConstraintName: string } => ({
  primaryKeyConstraintName: 'artifact_chunk_pkey',
});

/** Bytes, once for each content. */
@Entity('artifact_chunk')
export class ArtifactChunkEntity {
  @PrimaryColumn('text', pkey())
  sha256: string;

  @PrimaryColumn('integer', pkey())
  position: number;

  @Column('bytea')
  bytes: Buffer;
}
