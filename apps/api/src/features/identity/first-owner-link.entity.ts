import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one-time link that makes the first owner: kept as a hash, an hour long, used once. */
@Entity('first_owner_link')
export class FirstOwnerLinkEntity {
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
