import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Bytes, once for each content. */
@Entity('artifact_chunk')
export class ArtifactChunkEntity {
  @PrimaryColumn('text')
  sha256: string;

  @PrimaryColumn('integer')
  position: number;

  @Column('bytea')
  bytes: Buffer;
}
