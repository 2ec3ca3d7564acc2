import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failed } from './pod-failure.ts';
import type { PodFacts } from './pod-facts.ts';
import { planPool, type PoolNeed, START_DEADLINE_MS } from './pool-plan.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');

function pod(nth: number, facts: Partial<PodFacts> = {}): PodFacts {
  return {
    name: `runner-standard-${nth}`,
    uid: `uid-${nth}`,
    resourceVersion: '1',
    createdAt: new Date(NOW - 5_000),
    state: 'warm',
    template: 'now',
    node: 'node1',
    ip: '10.0.0.1',
    ready: true,
    ending: false,
    failure: null,
    waiting: null,
    certificate: null,
    lease: '',
    holder: '',
    group: '',
    claimedAt: '',
    guests: [],
    ...facts,
  };
}

const need = (facts: Partial<PoolNeed> = {}): PoolNeed => ({
  warm: 2,
  waiting: 0,
  most: 10,
  hold: false,
  template: 'now',
  self: 'us',
  held: new Set(),
  isAlive: () => true,
  now: NOW,
  ...facts,
});

const ended = (pods: readonly PodFacts[], facts: Partial<PoolNeed> = {}) =>
  planPool(pods, need(facts)).end.map(({ pod: { name }, failure }) => [name, failure?.word ?? null]);

describe('planPool', () => {
  it('makes what is missing at the first free places', () => {
    expect(planPool([pod(1)], need({ warm: 3 })).make).toEqual([0, 2]);
    expect(planPool([], need({ warm: 0, waiting: 2 })).make).toEqual([0, 1]);
    expect(planPool([pod(0), pod(1)], need()).make).toEqual([]);
  });

  it('makes none while told to hold, and says what it may not make because of the cap', () => {
    expect(planPool([], need({ hold: true })).make).toEqual([]);
    const claimed = [0, 1].map((nth) => pod(nth, { state: 'claimed', holder: 'them' }));
    expect(planPool(claimed, need({ most: 2, waiting: 1, warm: 0 }))).toMatchObject({ make: [], lacking: 1 });
  });

  it('keeps a claimed pod while its holder or a living guest uses it', () => {
    const claimed = (facts: Partial<PodFacts>): PodFacts[] => [
      pod(0, { state: 'claimed', lease: 'l', holder: 'us', ...facts }),
      ...[1, 2].map((nth) => pod(nth)),
    ];
    const isAlive = (process: string): boolean => process === 'them';
    expect(ended(claimed({ guests: ['them'] }), { isAlive })).toEqual([]);
    expect(ended(claimed({ guests: ['dead'] }), { isAlive })).toEqual([['runner-standard-0', null]]);
    const ofTheDead = claimed({ holder: 'dead', guests: ['us'] });
    expect(ended(ofTheDead, { isAlive, held: new Set(['l']) })).toEqual([]);
    expect(ended(ofTheDead, { isAlive })).toEqual([['runner-standard-0', 'orphaned']]);
  });

  it('prepares pods that have started, and lets the others start', () => {
    const pods = [pod(0, { state: 'new' }), pod(1, { state: 'new', ready: false })];
    const plan = planPool(pods, need());
    expect(plan.prepare.map(({ name }) => name)).toEqual(['runner-standard-0']);
    expect(plan).toMatchObject({ make: [], end: [] });
  });

  it('ends what failed, what does not start, and what does not answer any more', () => {
    const late = { createdAt: new Date(NOW - START_DEADLINE_MS - 1), state: 'new', ready: false } as const;
    const pods = [
      pod(0, { failure: failed('evicted') }),
      pod(1, late),
      pod(2, { ...late, waiting: failed('no_image') }),
      pod(3, { ...late, waiting: failed('no_room') }),
      pod(4, { ready: false }),
    ];
    expect(ended(pods)).toEqual([
      ['runner-standard-0', 'evicted'],
      ['runner-standard-1', 'slow_start'],
      ['runner-standard-2', 'no_image'],
      ['runner-standard-4', 'wedged'],
    ]);
  });

  it('ends pods that were given back, and those of dead processes, and no others that are claimed', () => {
    const claimed = (nth: number, holder: string, lease: string): PodFacts =>
      pod(nth, { state: 'claimed', holder, lease, ready: false, template: 'old' });
    const pods = [
      claimed(0, 'us', 'kept'),
      claimed(1, 'us', 'given back'),
      claimed(2, 'them', 'theirs'),
      claimed(3, 'dead', 'lost'),
    ];
    const facts = { warm: 0, held: new Set(['kept']), isAlive: (holder: string) => holder !== 'dead' };
    expect(ended(pods, facts)).toEqual([
      ['runner-standard-1', null],
      ['runner-standard-3', 'orphaned'],
    ]);
  });

  it('replaces what was made from another template', () => {
    const plan = planPool([pod(0, { template: 'old' }), pod(1)], need());
    expect(plan).toMatchObject({ make: [2], end: [{ pod: { name: 'runner-standard-0' }, failure: null }] });
  });

  it('ends the youngest of too many, once another process has had the time to claim them', () => {
    const old = (nth: number, minutes: number): PodFacts =>
      pod(nth, { createdAt: new Date(NOW - minutes * 60_000) });
    expect(ended([old(0, 30), old(1, 2), old(2, 10), pod(3)], { warm: 2 })).toEqual([
      ['runner-standard-1', null],
      ['runner-standard-2', null],
    ]);
  });

  it('never goes above the cap, makes a place twice, or ends a pod of a living holder', () => {
    const pods = fc.uniqueArray(
      fc.record({
        nth: fc.nat(12),
        state: fc.constantFrom('new', 'warm', 'claimed'),
        ready: fc.boolean(),
        ending: fc.boolean(),
        holder: fc.constantFrom('us', 'them'),
        lease: fc.constantFrom('a', 'b'),
      }),
      { selector: ({ nth }) => nth },
    );
    const wanted = fc.record({
      warm: fc.nat(12),
      waiting: fc.nat(12),
      most: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(pods, wanted, (facts, size) => {
        const all = facts.map(({ nth, ...rest }) => pod(nth, rest as Partial<PodFacts>));
        const plan = planPool(all, need({ ...size, held: new Set(['a']) }));
        expect(all.length + plan.make.length).toBeLessThanOrEqual(Math.max(size.most, all.length));
        const names = new Set(all.map(({ name }) => name));
        for (const nth of plan.make) expect(names.has(`runner-standard-${nth}`)).toBe(false);
        expect(new Set(plan.make).size).toBe(plan.make.length);
        for (const { pod: one } of plan.end)
          expect(one.state === 'claimed' && (one.holder === 'them' || one.lease === 'a')).toBe(false);
      }),
    );
  });
});
