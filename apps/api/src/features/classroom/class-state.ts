import type { ClassCommand, ClassEvent, ClassEventBody, ClassState } from '@lineage/contracts';
import { DomainError } from '../../platform/errors/index.ts';

const beforeTheFirst: ClassState = {
  state: 'scheduled',
  seq: 0,
  lessonId: null,
  stepId: null,
  startedAt: null,
};

/** The state of a class session is the fold of its log, and nothing else. */
export function foldClass(events: readonly ClassEvent[]): ClassState {
  return events.reduce(afterEvent, beforeTheFirst);
}

export function afterEvent(state: ClassState, { seq, at, body }: ClassEvent): ClassState {
  switch (body.type) {
    case 'class.started':
      return { ...state, seq, state: 'live', startedAt: at };
    case 'class.step_moved':
      return { ...state, seq, lessonId: body.lessonId, stepId: body.stepId };
    case 'class.ended':
      return { ...state, seq, state: 'ended' };
  }
}

/** What a command becomes in the log. */
export function eventOf(command: ClassCommand): ClassEventBody {
  switch (command.type) {
    case 'start':
      return { type: 'class.started' };
    case 'move_to_step':
      return { type: 'class.step_moved', lessonId: command.lessonId, stepId: command.stepId };
    case 'end':
      return { type: 'class.ended' };
  }
}

/** @throws DomainError conflict: the class is not where this command makes sense */
export function refuseOutOfTurn({ state }: ClassState, { type }: ClassCommand): void {
  if (type === 'start' ? state === 'scheduled' : state === 'live') return;
  throw new DomainError('conflict', sentences[state]);
}

const sentences: Readonly<Record<ClassState['state'], string>> = {
  scheduled: 'The class has not been started yet. Start it first.',
  live: 'The class is live already.',
  ended: 'The class has ended; what was done in it stays.',
};
