import type { AccountId, ArtifactId, ArtifactLinkId } from '@lineage/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { ArtifactEntity } from './artifact.entity.ts';

/** Lets whoever has the token read one artifact until it expires or is revoked; only the hash is kept. */
@Entity('artifact_link')
@Index('artifact_link_expires_at', ['expiresAt'])
@Index('artifact_link_of_artifact', ['artifactId'])
@Unique('artifact_link_id', ['id'])
export class ArtifactLinkEntity {
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  /** What it is called when it is listed or revoked, by those who do not have the token. */
  @Column('uuid')
  id: ArtifactLinkId;

  @Column('uuid')
  artifactId: ArtifactId;

  @Column('timestamptz')
  expiresAt: Date;

  /** The link is worth what this account may see. */
  @Column('text')
  createdBy: AccountId;

  @Column('timestamptz')
  createdAt: Date;

  @ManyToOne(() => ArtifactEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'artifact_id', foreignKeyConstraintName: 'artifact_link_artifact' })
  artifact: ArtifactEntity;
}
