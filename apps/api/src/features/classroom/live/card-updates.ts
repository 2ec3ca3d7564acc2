import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { CohortId, GroupId } from '@lineage/contracts';
import { may } from '@lineage/domain';
import { DomainEvents } from '../../../platform/events/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { CohortDirectory } from '../../cohorts/index.ts';
import { ClassLog } from '../class-log.service.ts';
import { GroupCards } from '../group-cards.service.ts';
import { CARD_EVERY_MS } from './live-limits.ts';
import { cardsSent } from './live-metrics.ts';
import { LiveSockets } from './live-sockets.ts';

/** Sends a group's card to those who may see it, soon after something happened in the group and once for all of it. */
@Injectable()
export class CardUpdates implements OnModuleInit, OnModuleDestroy {
  readonly #waiting = new Map<GroupId, NodeJS.Timeout>();
  readonly #sending = new Set<GroupId>();
  #stop: (() => void)[] = [];

  constructor(
    private readonly events: DomainEvents,
    private readonly sockets: LiveSockets,
    private readonly cohorts: CohortDirectory,
    private readonly classes: ClassLog,
    private readonly cards: GroupCards,
  ) {}

  onModuleInit(): void {
    this.#stop = [
      this.events.on('workspace.edited', ({ groupId }) => this.touch(groupId)),
      this.events.on('workspace.opened', ({ groupId }) => this.touch(groupId)),
      this.events.on('run.changed', ({ run }) => this.touch(run.groupId)),
      // The card is about the lesson that the class is at.
      this.events.on('class.happened', ({ cohortId }) => this.#touchAll(cohortId)),
      this.events.on('permissions.changed', async () => {
        const cohortIds = new Set(this.sockets.watchedClasses().map((target) => target.cohortId));
        await Promise.all([...cohortIds].map((cohortId) => this.#touchAll(cohortId)));
      }),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  /** Something about the group changed. */
  touch(groupId: GroupId): void {
    if (this.#waiting.has(groupId) || this.sockets.watchedClasses().length === 0) return;
    this.#waiting.set(groupId, setTimeout(() => void this.#due(groupId), CARD_EVERY_MS).unref());
  }

  /** Something about each group of the cohort may have changed. */
  touchAll(cohortId: CohortId): void {
    if (this.sockets.watchedClasses().length === 0) return;
    this.#touchAll(cohortId).catch((err: unknown) => log.error({ err, cohortId }, 'cards not sent'));
  }

  async #touchAll(cohortId: CohortId): Promise<void> {
    for (const group of await this.cohorts.groupsOf(cohortId)) this.touch(group.id);
  }

  async #due(groupId: GroupId): Promise<void> {
    this.#waiting.delete(groupId);
    // One at a time, so that a card never overtakes a newer one.
    if (this.#sending.has(groupId)) return this.touch(groupId);
    this.#sending.add(groupId);
    try {
      await this.#send(groupId);
    } catch (err) {
      log.error({ err, groupId }, 'card not sent');
    } finally {
      this.#sending.delete(groupId);
    }
  }

  async #send(groupId: GroupId): Promise<void> {
    const group = await this.cohorts.findGroup(groupId);
    if (group === null) return;
    for (const { id: classSessionId, cohortId } of this.sockets.watchedClasses()) {
      if (cohortId !== group.cohortId) continue;
      const { lessonId } = await this.classes.state(classSessionId);
      const card = await this.cards.build({ id: classSessionId, lessonId }, group);
      for (const { io, caller } of this.sockets.watching('class', classSessionId)) {
        if (!may(caller, 'read', 'Group', group)) continue;
        io.emit('class.card', { classSessionId, card });
        cardsSent.inc();
      }
    }
  }
}
