import type { ArtifactId } from '@lineage/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ArtifactEntity } from './artifact.entity.ts';

/** Lets whoever has the token read one artifact until it expires; only the hash is kept. */
@Entity('artifact_link')
@Index('artifact_link_expires_at', ['expiresAt'])
export class ArtifactLinkEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'artifact_link_pkey' })
  tokenHash: Buffer;

  @Column('uuid')
  artifactId: ArtifactId;

  @Column('timestamptz')
  expiresAt: Date;

  @ManyToOne(() => ArtifactEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'artifact_id', foreignKeyConstraintName: 'artifact_link_artifact' })
  artifact: ArtifactEntity;
}
