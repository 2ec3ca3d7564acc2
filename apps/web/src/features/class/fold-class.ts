import type { ClassEvent, ClassSession, ClassState, GroupCard } from '@lineage/contracts';

/** The state after one more event. */
export function foldEvent(state: ClassState, { body, seq, at }: ClassEvent): ClassState {
  switch (body.type) {
    case 'class.started':
      return { ...state, seq, state: 'live', startedAt: state.startedAt ?? at };
    case 'class.step_moved':
      return { ...state, seq, lessonId: body.lessonId, stepId: body.stepId };
    case 'class.ended':
      return { ...state, seq, state: 'ended' };
  }
}

/** Takes events in, each once and in order. `null` when one is missing or unknown: the session must be read again. */
export function foldEvents(session: ClassSession, events: readonly ClassEvent[] | null): ClassSession | null {
  if (events === null) return null;
  let { state } = session;
  for (const event of events) {
    if (event.seq <= state.seq) continue;
    if (event.seq !== state.seq + 1) return null;
    state = foldEvent(state, event);
  }
  return state === session.state
    ? session
    : { ...session, state, summary: { ...session.summary, state: state.state } };
}

/** The session with one group's card replaced; a card it did not have goes to the end. */
export function withCard(session: ClassSession, card: GroupCard): ClassSession {
  const known = session.cards.some(({ groupId }) => groupId === card.groupId);
  return {
    ...session,
    cards: known
      ? session.cards.map((old) => (old.groupId === card.groupId ? card : old))
      : [...session.cards, card],
  };
}

/** `fresh`, but with the state already known when that is ahead of it. */
export function keepNewer(old: ClassSession | undefined, fresh: ClassSession): ClassSession {
  if (old === undefined || old.state.seq <= fresh.state.seq) return fresh;
  return { ...fresh, state: old.state, summary: { ...fresh.summary, state: old.state.state } };
}
