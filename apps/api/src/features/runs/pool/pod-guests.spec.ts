import { beforeEach, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '../../../platform/logging/index.ts';
import { ClusterError } from './cluster-client.ts';
import { PodBook } from './pod-book.ts';
import { podFacts } from './pod-facts.ts';
import { guestKey, PodGuests } from './pod-guests.ts';
import { annotations, labels, pointer } from './runner-pod.ts';

type Operation = { op: string; path: string; value?: string };
type Facts = Partial<{
  holder: string;
  group: string;
  at: string;
  guests: readonly string[];
  deleted: boolean;
  ready: boolean;
}>;

let version = 0;
function raw(name: string, facts: Facts = {}) {
  const { holder = 'them', group = 'g', at = '1', guests = [], deleted = false, ready = true } = facts;
  version += 1;
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: String(version),
      creationTimestamp: '2026-11-25T12:00:00Z',
      labels: { [labels.state]: 'claimed' },
      annotations: {
        [annotations.lease]: `lease-${name}`,
        [annotations.holder]: holder,
        [annotations.group]: group,
        [annotations.claimedAt]: at,
        ...Object.fromEntries(guests.map((guest) => [guestKey(guest), guest])),
      },
      ...(deleted ? { deletionTimestamp: '2026-11-25T12:01:00Z' } : {}),
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

let book: PodBook;
let held: Set<string>;
let guests: PodGuests;
const patch = vi.fn<(path: string, operations: Operation[]) => Promise<unknown>>();
beforeEach(() => {
  setLogLevel('fatal');
  vi.resetAllMocks();
  book = new PodBook();
  held = new Set();
  guests = new PodGuests({ patch } as never, '/pods', book, 'us', held);
});

describe('PodGuests', () => {
  it('finds the pod that was claimed first of those that the group can use', () => {
    const names = { other: { group: 'h', at: '0' }, late: { at: '3' }, first: { at: '2' } };
    for (const [name, facts] of Object.entries(names)) book.put(podFacts(raw(name, facts)));
    book.put(podFacts(raw('gone', { at: '1', deleted: true })));
    book.put(podFacts(raw('unready', { at: '1', ready: false })));
    expect(guests.find('g')?.name).toBe('first');
    expect(guests.find('nobody')).toBeNull();
  });

  it('leaves a pod alone that its own process gave up, unless another one is there', () => {
    book.put(podFacts(raw('pod', { holder: 'us' })));
    expect(guests.find('g')).toBeNull();
    held.add('lease-pod');
    expect(guests.find('g')?.name).toBe('pod');
    held.clear();
    book.put(podFacts(raw('pod', { holder: 'us', guests: ['them'] })));
    expect(guests.find('g')?.name).toBe('pod');
  });

  it('writes its name on the pod under the lease that is there, and takes it off again', async () => {
    book.put(podFacts(raw('pod')));
    patch.mockImplementation(() => {
      // What is on the pod must be held already: the watch may be faster than the answer.
      expect(held).toEqual(new Set(['lease-pod']));
      return Promise.resolve(raw('pod', { guests: ['us'] }));
    });
    const joined = await guests.join('g');
    expect(joined).toMatchObject({ lease: 'lease-pod', pod: { guests: ['us'] } });
    const key = pointer('annotations', guestKey('us'));
    expect(patch.mock.calls[0]?.[1]).toContainEqual({ op: 'add', path: key, value: 'us' });
    const lease = { op: 'test', path: pointer('annotations', annotations.lease), value: 'lease-pod' };
    expect(patch.mock.calls[0]?.[1]).toContainEqual(lease);
    patch.mockResolvedValue(raw('pod'));
    await guests.leave(podFacts(raw('pod', { guests: ['us'] })));
    expect(patch.mock.calls[1]?.[1]).toContainEqual({ op: 'remove', path: key });
    expect(book.get('pod')?.guests).toEqual([]);
  });

  it.each([
    ['is refused', () => Promise.reject(new ClusterError(422, 'Invalid', 'a test did not hold'))],
    ['ends just now', () => Promise.resolve(raw('pod', { guests: ['us'], deleted: true }))],
  ])('holds nothing when the pod %s', async (_, answer) => {
    book.put(podFacts(raw('pod')));
    patch.mockImplementation(answer);
    expect(await guests.join('g')).toBeNull();
    expect(held.size).toBe(0);
    expect(guests.find('g')).toBeNull();
  });

  it('does not go back to a pod that was of no use, but to the next one of its name', () => {
    const pod = podFacts(raw('pod'));
    book.put(pod);
    guests.avoid(pod);
    expect(guests.find('g')).toBeNull();
    book.remove(pod);
    book.put(podFacts(raw('pod')));
    expect(guests.find('g')?.name).toBe('pod');
  });
});
