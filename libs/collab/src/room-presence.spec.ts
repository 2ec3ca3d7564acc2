import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from './frames.ts';
import { RoomPresence } from './room-presence.ts';

const user = { id: 'a1', name: 'Ada', initials: 'A', colour: 3, color: '#fff', role: 'driver' };
const anchor = { tname: 'files' };

describe('presence', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function make(): { presence: RoomPresence; sent: Frame[]; changes: () => number } {
    const sent: Frame[] = [];
    let changes = 0;
    const presence = new RoomPresence(
      7,
      (frame) => sent.push(frame),
      () => (changes += 1),
    );
    return { presence, sent, changes: () => changes };
  }

  it('goes out at the handshake, then only on change, several changes as one', () => {
    const { presence, sent } = make();
    presence.tell({ cursor: { file: 'f', anchor, head: anchor } });
    expect(sent).toEqual([]);
    presence.announce();
    expect(sent).toHaveLength(1);
    presence.tell({ point: { file: 'f', line: 1, nonce: 1 } });
    presence.tell({ point: { file: 'f', line: 2, nonce: 2 } });
    vi.runAllTimers();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ entries: [{ clientId: 7, clock: 2, state: { point: { line: 2 } } }] });
    presence.tell({ point: { file: 'f', line: 2, nonce: 2 } });
    vi.runAllTimers();
    expect(sent).toHaveLength(2);
  });

  it('sends nothing after the room closed, and everything when it opens again', () => {
    const { presence, sent } = make();
    presence.announce();
    presence.tell({ point: { file: 'f', line: 1, nonce: 1 } });
    presence.closed();
    vi.runAllTimers();
    expect(sent).toHaveLength(1);
    presence.announce();
    expect(sent[1]).toMatchObject({ entries: [{ state: { point: { line: 1 } } }] });
  });

  it('knows the others, without oneself, until they leave or the room closes', () => {
    const { presence, changes } = make();
    presence.receive([
      { clientId: 7, clock: 1, state: { user } },
      { clientId: 8, clock: 1, state: { user, cursor: { file: 'f', anchor, head: anchor }, point: null } },
      { clientId: 9, clock: 1, state: { user } },
    ]);
    expect([...presence.people.keys()]).toEqual([8, 9]);
    const before = presence.people.get(8);
    presence.receive([{ clientId: 9, clock: 2, state: null }]);
    expect([...presence.people.keys()]).toEqual([8]);
    expect(presence.people.get(8)).toBe(before);
    presence.closed();
    expect(presence.people.size).toBe(0);
    expect(changes()).toBe(3);
  });

  it('keeps what did not change: who scrolls has not moved the caret', () => {
    const { presence } = make();
    const cursor = { file: 'f', anchor, head: anchor };
    const told = (line: number) => ({ user, cursor: { ...cursor }, top: { file: 'f', at: { line } } });
    presence.receive([{ clientId: 8, clock: 1, state: told(1) }]);
    const before = presence.people.get(8);
    presence.receive([{ clientId: 8, clock: 2, state: told(2) }]);
    expect(presence.people.get(8)?.cursor).toBe(before?.cursor);
    expect(presence.people.get(8)?.top).toEqual({ file: 'f', at: { line: 2 } });
  });

  it('takes no shape that another client made up', () => {
    const { presence } = make();
    presence.receive([
      { clientId: 1, clock: 1, state: {} },
      { clientId: 2, clock: 1, state: { user: { ...user, name: 4 } } },
      {
        clientId: 3,
        clock: 1,
        state: {
          user,
          cursor: { file: 'f', anchor: 'x', head: null },
          point: { file: 'f', line: -1, nonce: 1 },
          top: { file: 'f', at: 1 },
          follows: { id: 'a2' },
          gather: 'now',
        },
      },
    ]);
    expect([...presence.people.values()]).toEqual([
      { clientId: 3, user, cursor: null, point: null, top: null, follows: null, gather: null },
    ]);
  });

  it('knows the lines that others point at, with their place in the text where it was told', () => {
    const { presence } = make();
    const point = { file: 'f', line: 3, nonce: 1 };
    presence.receive([
      { clientId: 1, clock: 1, state: { user, point: { ...point, at: anchor } } },
      { clientId: 2, clock: 1, state: { user, point: { ...point, at: 'line 3' } } },
    ]);
    expect([...presence.people.values()].map((person) => person.point)).toEqual([
      { ...point, at: anchor },
      point,
    ]);
  });
});
