import type { AccountId, CohortId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A dated class going through the catalog. */
@Entity('cohort')
export class CohortEntity {
  @PrimaryColumn('uuid')
  id: CohortId;

  @Column('text')
  title: string;

  @Column('date')
  startsOn: string;

  @Column('text')
  createdBy: AccountId;

  @Column('timestamptz')
  createdAt: Date;
}
