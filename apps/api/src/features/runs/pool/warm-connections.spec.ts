import { beforeEach, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '../../../platform/logging/index.ts';
import type { AgentConnection } from './agent-connection.ts';
import { PodBook } from './pod-book.ts';
import { type PodFacts, podFacts } from './pod-facts.ts';
import { annotations, labels } from './runner-pod.ts';
import { WarmConnections } from './warm-connections.ts';

let version = 0;
function pod(state: string, more: { holder?: string; ready?: boolean; ending?: boolean } = {}): PodFacts {
  version += 1;
  return podFacts({
    metadata: {
      name: 'runner',
      uid: 'uid',
      resourceVersion: String(version),
      creationTimestamp: '2026-11-25T12:00:00Z',
      labels: { [labels.state]: state },
      annotations: { [annotations.holder]: more.holder ?? '' },
      ...(more.ending === true ? { deletionTimestamp: '2026-11-25T12:01:00Z' } : {}),
    },
    status: { conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }] },
  });
}

let book: PodBook;
let made: { open: ReturnType<typeof vi.fn>; close: ReturnType<typeof vi.fn> }[];
let connections: WarmConnections;
beforeEach(() => {
  setLogLevel('silent');
  book = new PodBook();
  made = [];
  connections = new WarmConnections(book, 'us', () => {
    const connection = { open: vi.fn(), close: vi.fn() };
    made.push(connection);
    return connection as unknown as AgentConnection;
  });
});

describe('WarmConnections', () => {
  it('connects to a pod once it is ready, and hands that connection to whoever claimed it here', () => {
    book.put(pod('new'));
    book.put(pod('warm', { ready: false }));
    expect(made).toHaveLength(0);
    book.put(pod('warm'));
    book.put(pod('warm'));
    expect(made).toHaveLength(1);
    expect(made[0]?.open).toHaveBeenCalledOnce();
    const ours = pod('claimed', { holder: 'us' });
    book.put(ours);
    expect(connections.take(ours)).toBe(made[0]);
    // From then on it is the lease's.
    book.put(pod('claimed', { holder: 'us', ending: true }));
    connections.close();
    expect(made[0]?.close).not.toHaveBeenCalled();
  });

  it.each([
    ['another process claims it', () => book.put(pod('claimed', { holder: 'them' }))],
    ['it is told to end', () => book.put(pod('warm', { ending: true }))],
    ['it is gone', () => book.reset([])],
    ['the server is stopped', () => connections.close()],
  ])('drops the connection when %s', (_, happens) => {
    book.put(pod('warm'));
    happens();
    expect(made[0]?.close).toHaveBeenCalledOnce();
  });

  it('makes one for a pod that it has none of', () => {
    const ours = pod('claimed', { holder: 'us' });
    expect(connections.take(ours)).toBe(made[0]);
    expect(made[0]?.open).not.toHaveBeenCalled();
  });

  it('goes on when a pod has no certificate', () => {
    connections = new WarmConnections(book, 'us', () => {
      throw new Error('no certificate');
    });
    expect(() => book.put(pod('warm'))).not.toThrow();
    expect(book.all()).toHaveLength(1);
  });
});
