import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type {
  AccountId,
  ClassCommand,
  ClassEvent,
  ClassSessionId,
  ClassState,
  CohortId,
} from '@lineage/contracts';
import { type DataSource, type EntityManager, MoreThan } from 'typeorm';
import { DomainError } from '../../platform/errors/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import { ClassSchedule } from '../cohorts/index.ts';
import { ClassEventEntity } from './class-event.entity.ts';
import { afterEvent, eventOf, foldClass, refuseOutOfTurn } from './class-state.ts';

/** Events that one read of a page gives. */
const EVENTS_A_PAGE = 500;

export type ClassOrder = { readonly by: AccountId; readonly key: string; readonly command: ClassCommand };
type Done = { readonly state: ClassState; readonly event: ClassEvent | null; readonly cohortId: CohortId };

/** The append-only log of each class session. It is committed before anybody is told. */
@Injectable()
export class ClassLog {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly schedule: ClassSchedule,
    private readonly events: DomainEvents,
  ) {}

  /** A page of what came after `seq`; empty at the end. */
  async after(id: ClassSessionId, seq: number): Promise<ClassEvent[]> {
    const rows = await this.db.manager.find(ClassEventEntity, {
      where: { classSessionId: id, seq: MoreThan(seq) },
      order: { seq: 'ASC' },
      take: EVENTS_A_PAGE,
    });
    return rows.map(toEvent);
  }

  all(id: ClassSessionId): Promise<ClassEvent[]> {
    return readAll(this.db.manager, id);
  }

  async state(id: ClassSessionId): Promise<ClassState> {
    return foldClass(await this.all(id));
  }

  /**
   * Carries out a command, or answers a repeated one as the first time.
   * @throws DomainError not_found, conflict: out of turn; idempotency_mismatch: the key was used for something else
   */
  async append(id: ClassSessionId, order: ClassOrder): Promise<ClassState> {
    const { state, event, cohortId } = await this.db.transaction((tx) => this.#append(tx, id, order));
    if (event !== null)
      this.events.publish('class.happened', { classSessionId: id, cohortId, events: [event] });
    return state;
  }

  async #append(tx: EntityManager, id: ClassSessionId, { by, key, command }: ClassOrder): Promise<Done> {
    const { cohortId } = await this.schedule.lock(tx, id);
    const past = await readAll(tx, id);
    const body = eventOf(command);
    const earlier = await tx.findOneBy(ClassEventEntity, { classSessionId: id, by, idempotencyKey: key });
    if (earlier !== null) {
      if (!isSame(earlier.body, body)) {
        throw new DomainError(
          'idempotency_mismatch',
          'This Idempotency-Key was used for another command. Use a fresh one.',
        );
      }
      return { state: foldClass(past.filter((event) => event.seq <= earlier.seq)), event: null, cohortId };
    }
    const before = foldClass(past);
    refuseOutOfTurn(before, command);
    const row = { classSessionId: id, seq: before.seq + 1, at: new Date(), by, idempotencyKey: key, body };
    await tx.insert(ClassEventEntity, row);
    const event = toEvent(row);
    const state = afterEvent(before, event);
    if (state.state !== before.state) await this.schedule.setState(tx, id, state.state);
    return { state, event, cohortId };
  }
}

async function readAll(db: EntityManager, id: ClassSessionId): Promise<ClassEvent[]> {
  const rows = await db.find(ClassEventEntity, { where: { classSessionId: id }, order: { seq: 'ASC' } });
  return rows.map(toEvent);
}

function toEvent({ classSessionId, seq, at, by, body }: ClassEventEntity): ClassEvent {
  return { classSessionId, seq, at: at.toISOString(), by, body };
}

function isSame(a: ClassEvent['body'], b: ClassEvent['body']): boolean {
  if (a.type !== 'class.step_moved' || b.type !== 'class.step_moved') return a.type === b.type;
  return a.lessonId === b.lessonId && a.stepId === b.stepId;
}
