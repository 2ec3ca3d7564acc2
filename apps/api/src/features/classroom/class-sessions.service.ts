import { Injectable } from '@nestjs/common';
import type {
  ClassCommand,
  ClassEvent,
  ClassSession,
  ClassSessionId,
  ClassSessionSummary,
  ClassState,
} from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { DomainError } from '../../platform/errors/index.ts';
import { CatalogService } from '../catalog/index.ts';
import { CohortDirectory } from '../cohorts/index.ts';
import { ClassAccess } from './class-access.service.ts';
import { ClassLog } from './class-log.service.ts';
import { ClassPresence } from './class-presence.ts';
import { GroupCards } from './group-cards.service.ts';

/** A class session as one person sees it, and what its lead does to it. */
@Injectable()
export class ClassSessions {
  constructor(
    private readonly access: ClassAccess,
    private readonly log: ClassLog,
    private readonly presence: ClassPresence,
    private readonly cards: GroupCards,
    private readonly cohorts: CohortDirectory,
    private readonly catalog: CatalogService,
  ) {}

  async get(caller: Caller, id: ClassSessionId): Promise<ClassSession> {
    const summary = await this.access.get(caller, id);
    const [state, groups] = await Promise.all([this.log.state(id), this.cohorts.groupsOf(summary.cohortId)]);
    const visible = groups.filter((group) => may(caller, 'read', 'Group', group));
    const membership = caller.memberships.find((m) => m.cohortId === summary.cohortId);
    return {
      summary,
      state,
      myRole: membership?.role ?? null,
      canLead: may(caller, 'lead', 'ClassSession', summary),
      myGroupIds: [...(membership?.groupIds ?? [])],
      people: this.presence.peopleIn(id),
      cards: await Promise.all(
        visible.map((group) => this.cards.build({ id, lessonId: state.lessonId }, group)),
      ),
    };
  }

  async events(caller: Caller, id: ClassSessionId): Promise<{ events: ClassEvent[] }> {
    await this.access.get(caller, id);
    return { events: await this.log.all(id) };
  }

  /** @throws DomainError not_found, forbidden, conflict, bad_request: no such step; idempotency_mismatch */
  async command(caller: Caller, id: ClassSessionId, key: string, command: ClassCommand): Promise<ClassState> {
    const summary = await this.access.requireLead(caller, id);
    if (command.type === 'move_to_step') this.#requireStep(summary, command);
    return this.log.append(id, { by: caller.accountId, key, command });
  }

  #requireStep(
    { lessonIds }: ClassSessionSummary,
    { lessonId, stepId }: Extract<ClassCommand, { type: 'move_to_step' }>,
  ): void {
    const lesson = lessonIds.includes(lessonId) ? this.catalog.lesson(lessonId) : null;
    if (lesson === null || !lesson.steps.some((step) => step.id === stepId)) {
      throw new DomainError(
        'bad_request',
        'This step is not on the agenda of this class. Choose one of its agenda.',
      );
    }
  }
}
