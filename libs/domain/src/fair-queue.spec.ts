import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue, type Waiting } from './fair-queue.ts';

const arrivals = fc
  .array(fc.record({ groupId: fc.constantFrom('a', 'b', 'c'), accountId: fc.constantFrom('1', '2', '3') }), {
    maxLength: 60,
  })
  .map((items) =>
    items.map((item, at): Waiting => ({ ...item, accountId: item.groupId + item.accountId, id: String(at) })),
  );

function filled(items: readonly Waiting[]): FairQueue {
  const queue = new FairQueue();
  for (const item of items) queue.add(item);
  return queue;
}

describe('FairQueue', () => {
  it('takes everything once, and one person in the order of arrival', () => {
    fc.assert(
      fc.property(arrivals, (items) => {
        const taken = filled(items).order();
        expect(taken.map((t) => t.id).sort()).toEqual(items.map((t) => t.id).sort());
        for (const person of new Set(items.map((i) => i.accountId))) {
          const mine = (all: readonly Waiting[]): string[] =>
            all.filter((i) => i.accountId === person).map((i) => i.id);
          expect(mine(taken)).toEqual(mine(items));
        }
      }),
    );
  });

  it('lets no group have a second turn while another group waits for its first', () => {
    fc.assert(
      fc.property(arrivals, (items) => {
        const groups = new Set(items.map((i) => i.groupId));
        const firstRound = filled(items).order().slice(0, groups.size);
        expect(new Set(firstRound.map((i) => i.groupId)).size).toBe(groups.size);
      }),
    );
  });

  it('passes over who is not ready, and keeps their turn', () => {
    fc.assert(
      fc.property(arrivals, fc.constantFrom('a1', 'b2', 'c3'), (items, busy) => {
        const queue = filled(items);
        const others = queue.order().filter(({ accountId }) => accountId !== busy);
        const taken: Waiting[] = [];
        const next = (): Waiting | null => queue.take((accountId) => accountId !== busy);
        for (let item = next(); item !== null; item = next()) taken.push(item);
        expect(taken.map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
        const left = items.filter(({ accountId }) => accountId === busy);
        expect(queue.size).toBe(left.length);
        expect(queue.order()).toEqual(left);
      }),
    );
  });

  it('tells the order that it then keeps, also after somebody left', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(), (items, pick) => {
        const queue = filled(items);
        const leaver = items[pick % Math.max(1, items.length)];
        if (leaver !== undefined) expect(queue.remove(leaver.id)).toBe(true);
        const told = queue.order();
        expect(told).toHaveLength(queue.size);
        for (const item of told) expect(queue.take()).toEqual(item);
        expect(queue.take()).toBeNull();
      }),
    );
  });

  it('gives the next turn to a group that comes while another has many waiting, however often', () => {
    const queue = new FairQueue();
    const add = (groupId: string, accountId: string, id: string): void =>
      queue.add({ groupId, accountId, id });
    for (let nth = 0; nth < 200; nth++) add('a', `a${nth % 2}`, `a${nth}`);
    for (let nth = 0; nth < 50; nth++) {
      expect(queue.take()?.groupId).toBe('a');
      add('b', 'b1', `b${nth}`);
      expect(queue.take()?.groupId).toBe('b');
    }
  });

  it('gives the next turn of a group to a person who comes while another has many waiting', () => {
    const queue = new FairQueue();
    for (let nth = 0; nth < 9; nth++) queue.add({ groupId: 'a', accountId: 'a1', id: `first ${nth}` });
    queue.take();
    queue.add({ groupId: 'a', accountId: 'a2', id: 'second' });
    expect(queue.take()?.id).toBe('second');
    expect(queue.take()?.id).toBe('first 1');
  });

  it('lets nobody go before whose last turn was longer ago', () => {
    const steps = fc.array(
      fc.oneof(
        fc.constant(null),
        fc.record({ groupId: fc.constantFrom('a', 'b', 'c'), accountId: fc.constantFrom('1', '2') }),
      ),
      { minLength: 20, maxLength: 80, size: 'max' },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const queue = new FairQueue();
        let last = new Map<string, number>();
        for (const [at, step] of taken.entries()) {
          if (step !== null) queue.add({ ...step, id: String(at) });
          else {
            const waiting = new Set(queue.order().map(({ groupId }) => groupId));
            const next = queue.take();
            for (const group of waiting)
              expect(last.get(group) ?? -1).toBeGreaterThanOrEqual(last.get(next?.groupId ?? '') ?? -1);
            if (next !== null) last.set(next.groupId, at);
            if (queue.size === 0) last = new Map();
          }
        }
      }),
    );
  });
});
