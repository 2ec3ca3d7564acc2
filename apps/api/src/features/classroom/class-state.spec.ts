import {
  accountIdSchema,
  type ClassCommand,
  type ClassEvent,
  classSessionIdSchema,
  lessonIdSchema,
} from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { eventOf, foldClass, refuseOutOfTurn } from './class-state.ts';

const at = '2026-12-01T09:00:00.000Z';
const move: ClassCommand = {
  type: 'move_to_step',
  lessonId: lessonIdSchema.parse('2.1-scheduler'),
  stepId: 'run',
};

const logOf = (...commands: ClassCommand[]): ClassEvent[] =>
  commands.map((command, index) => ({
    classSessionId: classSessionIdSchema.parse('01a21017-2501-7046-b13c-d9811f81af38'),
    seq: index + 1,
    at,
    by: accountIdSchema.parse('lead'),
    body: eventOf(command),
  }));

describe('the state of a class session', () => {
  it('is scheduled before anything happened', () => {
    expect(foldClass([])).toEqual({
      state: 'scheduled',
      seq: 0,
      lessonId: null,
      stepId: null,
      startedAt: null,
    });
  });

  it('is the fold of its log', () => {
    expect(foldClass(logOf({ type: 'start' }, move))).toEqual({
      state: 'live',
      seq: 2,
      lessonId: '2.1-scheduler',
      stepId: 'run',
      startedAt: at,
    });
    expect(foldClass(logOf({ type: 'start' }, move, { type: 'end' }))).toMatchObject({
      state: 'ended',
      seq: 3,
      stepId: 'run',
    });
  });

  it('allows a command only where it makes sense', () => {
    const allowed = (past: ClassCommand[]): string[] =>
      (['start', 'move_to_step', 'end'] as const).filter((type) => {
        try {
          refuseOutOfTurn(foldClass(logOf(...past)), type === 'move_to_step' ? move : { type });
          return true;
        } catch {
          return false;
        }
      });
    expect(allowed([])).toEqual(['start']);
    expect(allowed([{ type: 'start' }])).toEqual(['move_to_step', 'end']);
    expect(allowed([{ type: 'start' }, { type: 'end' }])).toEqual([]);
  });
});
