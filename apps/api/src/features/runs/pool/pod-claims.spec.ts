import { beforeEach, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '../../../platform/logging/index.ts';
import { ClusterError } from './cluster-client.ts';
import { PodBook } from './pod-book.ts';
import { PodClaims } from './pod-claims.ts';
import { podFacts } from './pod-facts.ts';
import { annotations, labels } from './runner-pod.ts';

const never = (): AbortSignal => new AbortController().signal;

function raw(name: string, version: number, state = 'warm', lease = '') {
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: String(version),
      creationTimestamp: '2026-11-25T12:00:00Z',
      labels: { [labels.state]: state },
      annotations: { [annotations.lease]: lease },
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

type Operation = { op: string; path: string; value: string };
const leaseOf = (operations: readonly Operation[]): string =>
  operations.find(({ path }) => path.endsWith('~1lease'))?.value ?? '';

let book: PodBook;
const patch = vi.fn<(path: string, operations: Operation[]) => Promise<unknown>>();
const get = vi.fn<(path: string) => Promise<unknown>>();
let claims: PodClaims;
beforeEach(() => {
  setLogLevel('silent');
  vi.resetAllMocks();
  book = new PodBook();
  claims = new PodClaims({ patch, get } as never, '/pods', book, 'us', () => undefined);
});
const nameOf = (path: string): string => path.slice('/pods/'.length);

describe('PodClaims', () => {
  it('serves who waits in turn, and tells the others their new place', async () => {
    patch.mockImplementation((path, operations) =>
      Promise.resolve(raw(nameOf(path), 9, 'claimed', leaseOf(operations))),
    );
    const places: number[] = [];
    const first = claims.claim('a', never(), () => undefined);
    const second = claims.claim('b', never(), (place) => places.push(place));
    book.put(podFacts(raw('one', 1)));
    expect((await first).pod.name).toBe('one');
    await vi.waitFor(() => expect(places).toEqual([2, 1]));
    book.put(podFacts(raw('two', 2)));
    expect((await second).pod.name).toBe('two');
  });

  it('does not try a version again that another one changed, and takes the next pod', async () => {
    patch.mockImplementation((path, operations) =>
      nameOf(path) === 'theirs'
        ? Promise.reject(new ClusterError(422, 'Invalid', 'a test did not hold'))
        : Promise.resolve(raw(nameOf(path), 9, 'claimed', leaseOf(operations))),
    );
    book.put(podFacts(raw('theirs', 1)));
    const claim = claims.claim('a', never(), () => undefined);
    await vi.waitFor(() => expect(claims.waiting).toBe(1));
    book.put(podFacts(raw('ours', 2)));
    expect((await claim).pod.name).toBe('ours');
    expect(patch.mock.calls.map(([path]) => nameOf(path))).toEqual(['theirs', 'ours']);
  });

  it('finds out whether a claim was done whose answer was lost', async () => {
    let lease = '';
    patch.mockImplementation((_, operations) => {
      lease = leaseOf(operations);
      return Promise.reject(new Error('the connection was reset'));
    });
    get.mockImplementation((path) => Promise.resolve(raw(nameOf(path), 5, 'claimed', lease)));
    book.put(podFacts(raw('one', 1)));
    expect(await claims.claim('a', never(), () => undefined)).toMatchObject({ lease, pod: { name: 'one' } });
    expect(patch).toHaveBeenCalledTimes(1);
    expect(claims.held).toEqual(new Set([lease]));
  });

  it('asks again when neither the claim nor the look at its pod was answered with a pod', async () => {
    patch.mockResolvedValueOnce({ kind: 'Status' });
    get.mockResolvedValueOnce({ kind: 'Status' });
    patch.mockImplementation((path, operations) =>
      Promise.resolve(raw(nameOf(path), 9, 'claimed', leaseOf(operations))),
    );
    book.put(podFacts(raw('one', 1)));
    expect((await claims.claim('a', never(), () => undefined)).pod.name).toBe('one');
    expect(patch).toHaveBeenCalledTimes(2);
  });

  it('does not hold what comes for somebody who has gone', async () => {
    let answer: (claimed: unknown) => void = () => undefined;
    patch.mockImplementation((path, operations) => {
      const claimed = raw(nameOf(path), 9, 'claimed', leaseOf(operations));
      return new Promise((resolve) => (answer = () => resolve(claimed)));
    });
    book.put(podFacts(raw('one', 1)));
    const abort = new AbortController();
    const claim = claims.claim('a', abort.signal, () => undefined);
    abort.abort(new Error('gone'));
    await expect(claim).rejects.toThrow('gone');
    answer(null);
    await vi.waitFor(() => expect(book.get('one')?.state).toBe('claimed'));
    expect(claims.held.size).toBe(0);
  });
});
