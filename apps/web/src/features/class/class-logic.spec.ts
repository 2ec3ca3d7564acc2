import type { ClassEvent, ClassSession, GroupCard, Lesson } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { addressOfItem, agendaOf, currentItem, itemAt, itemBeside } from './agenda.ts';
import { foldEvents, keepNewer, withCard } from './fold-class.ts';

const lesson = (id: string, steps: string[]): Lesson =>
  ({ id, steps: steps.map((step) => ({ id: step })) }) as unknown as Lesson;
const agenda = agendaOf([lesson('a', ['read', 'run']), lesson('b', ['read'])]);
const at = (lessonId: string | null, stepId: string | null) =>
  ({ lessonId, stepId }) as Parameters<typeof currentItem>[1];

const session = {
  state: { state: 'scheduled', seq: 0, lessonId: null, stepId: null, startedAt: null },
  summary: { state: 'scheduled' },
  cards: [],
} as unknown as ClassSession;
const event = (seq: number, body: object): ClassEvent =>
  ({ seq, at: '2026-01-01T10:00:00Z', body }) as unknown as ClassEvent;

describe('the agenda', () => {
  it('goes through all lessons in order', () => {
    expect(agenda.map(addressOfItem)).toEqual(['a/read', 'a/run', 'b/read']);
  });

  it('tells steps of the same name in two lessons apart', () => {
    expect(currentItem(agenda, at('b', 'read'))?.index).toBe(2);
  });

  it('starts at the first step and crosses from one lesson to the next', () => {
    expect(itemBeside(agenda, at(null, null), 1)?.index).toBe(0);
    expect(itemBeside(agenda, at('a', 'run'), 1)?.index).toBe(2);
    expect(itemBeside(agenda, at('b', 'read'), 1)).toBeUndefined();
    expect(itemBeside(agenda, at(null, null), -1)).toBeUndefined();
  });

  it('finds a step by its address and ignores an address that is gone', () => {
    expect(itemAt(agenda, 'a/run')?.index).toBe(1);
    expect(itemAt(agenda, 'a/gone')).toBeUndefined();
  });
});

describe('the fold of a class', () => {
  const started = event(1, { type: 'class.started' });
  const moved = event(2, { type: 'class.step_moved', lessonId: 'a', stepId: 'run' });

  it('is live after the start and at the step it was moved to', () => {
    const folded = foldEvents(session, [started, moved]);
    expect(folded?.state).toMatchObject({
      state: 'live',
      seq: 2,
      lessonId: 'a',
      stepId: 'run',
      startedAt: started.at,
    });
    expect(folded?.summary.state).toBe('live');
  });

  it('takes each event once', () => {
    const once = foldEvents(session, [started, moved]);
    expect(once).not.toBeNull();
    if (once !== null) expect(foldEvents(once, [started, moved])).toBe(once);
  });

  it('asks to be read again when an event is missing, or one that the page does not know', () => {
    expect(foldEvents(session, [moved])).toBeNull();
    expect(foldEvents(session, null)).toBeNull();
  });

  it('is not taken back by an answer that was under way', () => {
    const ahead = foldEvents(session, [started, moved]);
    expect(ahead).not.toBeNull();
    if (ahead !== null) expect(keepNewer(ahead, session).state).toBe(ahead.state);
    expect(keepNewer(undefined, session)).toBe(session);
  });

  it('replaces a group card in its place', () => {
    const card = (groupId: string, name: string): GroupCard => ({ groupId, name }) as unknown as GroupCard;
    const two = withCard(withCard(session, card('1', 'one')), card('2', 'two'));
    expect(withCard(two, card('1', 'uno')).cards.map(({ name }) => name)).toEqual(['uno', 'two']);
  });
});
