import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An API process of this Lineage. It lives as long as `aliveUntil` is ahead, by the clock of the database. */
@Entity('api_process')
export class ApiProcessEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** Where other processes reach it. */
  @Column('text')
  address: string;

  @Column('timestamptz')
  startedAt: Date;

  @Column('timestamptz')
  aliveUntil: Date;
}
