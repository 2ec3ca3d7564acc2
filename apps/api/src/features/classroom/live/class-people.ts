import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { ClassSessionId } from '@lineage/contracts';
import { ClassPresence } from '../class-presence.ts';
import { CardUpdates } from './card-updates.ts';
import { PEOPLE_EVERY_MS } from './live-limits.ts';
import type { LiveSocket, Target } from './live-socket.ts';
import { LiveSockets } from './live-sockets.ts';

type ClassTarget = Extract<Target, { stream: 'class' }>;

/** Being present is watching the class. Tells everybody in it who is here. */
@Injectable()
export class ClassPeople implements OnModuleInit, OnModuleDestroy {
  readonly #waiting = new Map<ClassSessionId, NodeJS.Timeout>();

  constructor(
    private readonly presence: ClassPresence,
    private readonly sockets: LiveSockets,
    private readonly cards: CardUpdates,
  ) {}

  onModuleInit(): void {
    this.presence.onElsewhere(({ id, cohortId }) => {
      this.#tell(id);
      this.cards.touchAll(cohortId);
    });
  }

  onModuleDestroy(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  /** Told even when nobody is new: who comes in has to learn who is here. */
  entered(socket: LiveSocket, { id, cohortId }: ClassTarget): void {
    if (this.presence.enter(id, cohortId, socket.id, socket.caller)) this.#touchCards(socket, cohortId);
    this.#tell(id);
  }

  left(socket: LiveSocket, { id, cohortId }: ClassTarget): void {
    if (!this.presence.leave(id, socket.id, socket.caller.accountId)) return;
    this.#touchCards(socket, cohortId);
    this.#tell(id);
  }

  #touchCards({ caller }: LiveSocket, cohortId: ClassTarget['cohortId']): void {
    for (const m of caller.memberships) {
      if (m.cohortId === cohortId) for (const groupId of m.groupIds) this.cards.touch(groupId);
    }
  }

  #tell(id: ClassSessionId): void {
    if (this.#waiting.has(id) || this.sockets.watching('class', id).length === 0) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(id);
      const people = this.presence.peopleIn(id);
      for (const { io } of this.sockets.watching('class', id))
        io.emit('class.people', { classSessionId: id, people });
    }, PEOPLE_EVERY_MS);
    this.#waiting.set(id, timer.unref());
  }
}
