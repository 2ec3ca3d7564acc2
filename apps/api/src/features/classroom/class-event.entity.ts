import type { AccountId, ClassEventBody, ClassSessionId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** One line of a class session's log. The command that made it is known by its key, so that a repeat adds nothing. */
@Entity('class_event')
@Unique('class_event_one_per_key', ['classSessionId', 'by', 'idempotencyKey'])
export class ClassEventEntity {
  @PrimaryColumn('uuid')
  classSessionId: ClassSessionId;

  @PrimaryColumn('integer')
  seq: number;

  @Column('timestamptz')
  at: Date;

  @Column('text')
  by: AccountId;

  @Column('text')
  idempotencyKey: string;

  @Column('jsonb')
  body: ClassEventBody;
}
