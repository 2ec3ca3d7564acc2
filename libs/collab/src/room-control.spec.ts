import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterTurn,
  type BaseRole,
  commandControl,
  type ControlCommand,
  freeControl,
  MAX_ASKING,
  nextDriver,
  type RoomControl,
  roleIn,
  withoutAbsent,
  withTurn,
} from './room-control.ts';

const people: Record<string, BaseRole> = {
  ana: 'driver',
  bo: 'driver',
  cy: 'driver',
  lead: 'lead',
  mentor: 'observer',
};
const ids = Object.keys(people);
const everybody = (id: string): boolean => people[id] === 'driver';

/** The control after commands that are all taken. */
function after(commands: readonly (readonly [string, ControlCommand])[], from = freeControl): RoomControl {
  return commands.reduce((control, [id, command]) => {
    const answer = commandControl(control, { id, base: people[id] ?? 'observer' }, command, everybody);
    if (!answer.ok) throw new Error(`${id} ${command.type}: ${answer.why}`);
    return answer.control;
  }, from);
}
const refusal = (control: RoomControl, id: string, command: ControlCommand, mayDrive = everybody) => {
  const answer = commandControl(control, { id, base: people[id] ?? 'observer' }, command, mayDrive);
  return answer.ok ? null : answer.why;
};
const roles = (control: RoomControl): Record<string, string> =>
  Object.fromEntries(ids.map((id) => [id, roleIn(control, people[id] ?? 'observer', id)]));

const anaDrives = after([['ana', { type: 'drive' }]]);

describe('control of a room', () => {
  it('is free at first: all of the group write', () => {
    expect(roles(freeControl)).toEqual({
      ana: 'driver',
      bo: 'driver',
      cy: 'driver',
      lead: 'lead',
      mentor: 'observer',
    });
  });

  it('makes navigators of the others when somebody drives', () => {
    expect(roles(anaDrives)).toEqual({
      ana: 'driver',
      bo: 'navigator',
      cy: 'navigator',
      lead: 'lead',
      mentor: 'observer',
    });
  });

  it('is asked for in turn, handed over and taken back', () => {
    const asked = after(
      [
        ['bo', { type: 'ask' }],
        ['cy', { type: 'ask' }],
      ],
      anaDrives,
    );
    expect(asked.asking).toEqual(['bo', 'cy']);
    const handed = after([['ana', { type: 'hand_over', to: 'cy' }]], asked);
    expect(handed).toMatchObject({ driver: 'cy', handedBy: 'ana', asking: ['bo'] });
    expect(refusal(handed, 'bo', { type: 'take_back' })).toBe('not_yours');
    expect(after([['ana', { type: 'take_back' }]], handed)).toMatchObject({ driver: 'ana', handedBy: null });
    expect(after([['bo', { type: 'withdraw' }]], handed).asking).toEqual([]);
    expect(after([['cy', { type: 'decline', who: 'bo' }]], handed).asking).toEqual([]);
  });

  it('cannot be grabbed', () => {
    expect(refusal(anaDrives, 'bo', { type: 'drive' })).toBe('not_now');
    expect(refusal(anaDrives, 'bo', { type: 'free' })).toBe('not_yours');
    expect(refusal(anaDrives, 'bo', { type: 'hand_over', to: 'bo' })).toBe('not_yours');
    expect(refusal(anaDrives, 'mentor', { type: 'ask' })).toBe('not_yours');
    expect(refusal(anaDrives, 'ana', { type: 'hand_over', to: 'mentor' })).toBe('cannot_drive');
  });

  it('goes to who asks while nobody has it', () => {
    const taken = after([['lead', { type: 'take_back' }]], anaDrives);
    expect(taken).toMatchObject({ mode: 'driver', driver: null, heldByLead: true });
    expect(after([['bo', { type: 'ask' }]], taken)).toMatchObject({ driver: 'bo', asking: [] });
  });

  it('is given and kept by a lead, whatever the group wants', () => {
    const given = after([['lead', { type: 'drive', driver: 'bo' }]], anaDrives);
    expect(given).toMatchObject({ driver: 'bo', handedBy: null, heldByLead: true });
    expect(refusal(given, 'bo', { type: 'free' })).toBe('not_yours');
    expect(after([['lead', { type: 'free' }]], given)).toMatchObject({ mode: 'free', heldByLead: false });
    expect(refusal(freeControl, 'lead', { type: 'drive', driver: 'gone' })).toBe('cannot_drive');
  });

  it('passes on when the driver is gone', () => {
    const asked = after(
      [
        ['bo', { type: 'ask' }],
        ['cy', { type: 'ask' }],
      ],
      anaDrives,
    );
    expect(withoutAbsent(asked, (id) => id === 'cy')).toMatchObject({ driver: 'cy', asking: [] });
    expect(withoutAbsent(asked, () => false)).toMatchObject({ mode: 'driver', driver: null, asking: [] });
    expect(withoutAbsent(asked, everybody)).toBe(asked);
    expect(withoutAbsent(freeControl, () => false)).toBe(freeControl);
  });
});

describe('turns', () => {
  const endOf = (minutes: number): number => 1_000 + minutes;
  const set = after([['ana', { type: 'turns', minutes: 5 }]], anaDrives);
  const timed = withTurn(anaDrives, set, endOf);

  it('are set by who drives or leads, and by nobody else', () => {
    expect(timed).toMatchObject({ driver: 'ana', turnMinutes: 5, turnEndsAt: 1_005 });
    expect(refusal(anaDrives, 'bo', { type: 'turns', minutes: 5 })).toBe('not_yours');
    expect(refusal(freeControl, 'lead', { type: 'turns', minutes: 5 })).toBe('not_now');
    const none = after([['lead', { type: 'turns', minutes: null }]], timed);
    expect(withTurn(timed, none, endOf)).toMatchObject({ turnMinutes: null, turnEndsAt: null });
  });

  it('begin anew with another driver, and only then', () => {
    const later = (minutes: number): number => 9_000 + minutes;
    const asked = after([['bo', { type: 'ask' }]], timed);
    expect(withTurn(timed, asked, later)).toBe(asked);
    const handed = after([['ana', { type: 'hand_over', to: 'bo' }]], asked);
    expect(withTurn(asked, handed, later)).toMatchObject({ driver: 'bo', turnEndsAt: 9_005 });
    const nobody = after([['lead', { type: 'take_back' }]], asked);
    expect(withTurn(asked, nobody, later)).toMatchObject({ driver: null, turnMinutes: 5, turnEndsAt: null });
    expect(after([['ana', { type: 'free' }]], timed)).toMatchObject({ turnMinutes: null, turnEndsAt: null });
  });

  it('go to who asked first, else round', () => {
    const here = ['cy', 'ana', 'bo'];
    expect(nextDriver(timed, here)).toBe('bo');
    expect(nextDriver({ ...timed, driver: 'cy' }, here)).toBe('ana');
    expect(nextDriver({ ...timed, asking: ['gone', 'cy'] }, here)).toBe('cy');
    expect(nextDriver(timed, ['ana'])).toBeNull();
    const asked = after([['cy', { type: 'ask' }]], timed);
    expect(afterTurn(asked, here)).toMatchObject({ driver: 'cy', asking: [], seq: asked.seq + 1 });
  });

  it('are given again to who is alone', () => {
    const again = withTurn(timed, afterTurn(timed, ['ana']), () => 7_000);
    expect(again).toMatchObject({ driver: 'ana', turnEndsAt: 7_000, seq: timed.seq + 1 });
  });
});

const id = fc.constantFrom(...ids);
const commands: fc.Arbitrary<ControlCommand> = fc.oneof(
  fc.option(id, { nil: undefined }).map((driver): ControlCommand => ({ type: 'drive', driver })),
  fc.constantFrom<ControlCommand>(
    { type: 'free' },
    { type: 'ask' },
    { type: 'withdraw' },
    { type: 'take_back' },
  ),
  id.map((to): ControlCommand => ({ type: 'hand_over', to })),
  id.map((who): ControlCommand => ({ type: 'decline', who })),
  fc.constantFrom(5, null).map((minutes): ControlCommand => ({ type: 'turns', minutes })),
);
const steps = fc.array(
  fc.record({ actor: id, command: commands, here: fc.subarray(ids), leaving: fc.boolean() }),
  { maxLength: 40 },
);

it('holds after any commands of anybody, in any order, while people come and go', () => {
  fc.assert(
    fc.property(steps, (all) => {
      let control = freeControl;
      for (const { actor, command, here, leaving } of all) {
        const mayDrive = (who: string): boolean => here.includes(who) && people[who] === 'driver';
        const before = control;
        if (leaving) control = withoutAbsent(control, mayDrive);
        else {
          const base = people[actor] ?? 'observer';
          const answer = commandControl(control, { id: actor, base }, command, mayDrive);
          if (answer.ok) control = answer.control;
          if (base === 'observer') expect(answer.ok).toBe(false);
        }
        expect(control.seq).toBe(control === before ? before.seq : before.seq + 1);
        expect(JSON.stringify({ ...control, seq: 0 }) === JSON.stringify({ ...before, seq: 0 })).toBe(
          control === before,
        );
        // Whoever newly drives is here and may.
        if (control.driver !== null && control.driver !== before.driver)
          expect(mayDrive(control.driver)).toBe(true);
        const writers = ids.filter((who) => roles(control)[who] === 'driver');
        if (control.mode === 'free') {
          expect(control).toEqual({ ...freeControl, seq: control.seq });
          expect(writers).toEqual(['ana', 'bo', 'cy']);
        } else {
          expect(writers).toEqual(control.driver === null ? [] : [control.driver]);
        }
        expect(new Set(control.asking).size).toBe(control.asking.length);
        expect(control.asking.length).toBeLessThanOrEqual(MAX_ASKING);
        expect(control.asking).not.toContain(control.driver);
        if (control.handedBy !== null) expect(control.handedBy).not.toBe(control.driver);
        expect([roles(control)['lead'], roles(control)['mentor']]).toEqual(['lead', 'observer']);
      }
    }),
    { numRuns: 500 },
  );
});
