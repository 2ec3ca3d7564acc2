import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../config/index.ts';
import { setLogLevel } from '../../../platform/logging/index.ts';
import { RunnerLost } from '../runner-pool.ts';
import { AgentConnection } from './agent-connection.ts';
import { apiIdentity } from './api-identity.ts';
import { GroupLeases } from './group-leases.ts';
import { PodBook } from './pod-book.ts';
import { PodClaims } from './pod-claims.ts';
import { type PodFacts, podFacts } from './pod-facts.ts';
import { guestKey, PodGuests } from './pod-guests.ts';
import { PoolRecords } from './pool-records.ts';
import { annotations, labels } from './runner-pod.ts';
import { WarmConnections } from './warm-connections.ts';

type Operation = { op: string; path: string; value?: string };
type Raw = ReturnType<typeof warm>;

const IDLE_MS = 60_000;
const identity = apiIdentity(new Secret('a secret of the tests that is long enough'));
const never = (): AbortSignal => new AbortController().signal;

let versions = 0;
/** A pod that is ready, whose agent is known by this certificate. */
function warm(name: string, certificate: string) {
  versions += 1;
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: String(versions),
      creationTimestamp: '2026-11-25T12:00:00Z',
      labels: { [labels.state]: 'warm' } as Record<string, string>,
      annotations: { [annotations.certificate]: certificate } as Record<string, string>,
    },
    status: { phase: 'Running', podIP: '127.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}
const readable = Buffer.from(identity.certificate).toString('base64');
const unreadable = Buffer.from('no certificate').toString('base64');

/** What the cluster has of pods; a patch changes that. */
let pods: Map<string, Raw>;
let book: PodBook;
let claims: PodClaims;
let guests: PodGuests;
let records: PoolRecords;
let leases: GroupLeases;
const onEnd = vi.fn();

function patch(path: string, operations: Operation[]): Promise<Raw> {
  const pod = pods.get(path.slice('/pods/'.length));
  if (pod === undefined) throw new Error('there is no such pod');
  for (const { op, path: at, value = '' } of operations) {
    const [, , part, key = ''] = at.split('/');
    if (op === 'test' || (part !== 'labels' && part !== 'annotations')) continue;
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
    if (op === 'remove') Reflect.deleteProperty(pod.metadata[part], name);
    else pod.metadata[part][name] = value;
  }
  versions += 1;
  pod.metadata.resourceVersion = String(versions);
  return Promise.resolve(structuredClone(pod));
}

function appear(pod: Raw): PodFacts {
  pods.set(pod.metadata.name, pod);
  const facts = podFacts(structuredClone(pod));
  book.put(facts);
  return facts;
}

/** Connects for real, but to nobody: a connection counts as open once it is made. */
function connect({ ip, certificate }: PodFacts): AgentConnection {
  const made = new AgentConnection(
    { host: ip, port: 1, certificate: certificate ?? Buffer.alloc(0) },
    identity,
  );
  vi.spyOn(made, 'isOpen', 'get').mockReturnValue(true);
  vi.spyOn(made, 'open').mockReturnValue();
  return made;
}

beforeEach(() => {
  setLogLevel('silent');
  onEnd.mockReset();
  pods = new Map();
  book = new PodBook();
  const client = { patch } as never;
  claims = new PodClaims(client, '/pods', book, 'us', () => undefined);
  guests = new PodGuests(client, '/pods', book, 'us', claims.held);
  records = new PoolRecords('standard');
  const connections = new WarmConnections(book, 'us', connect);
  leases = new GroupLeases(claims, guests, connections, IDLE_MS, records, book, onEnd);
});

describe('a pod whose certificate cannot be read', () => {
  it('is given up, to be ended, and the group is given another', async () => {
    appear(warm('garbled', unreadable));
    const coming = leases.get('g', never(), () => undefined);
    await vi.waitFor(() => expect(onEnd).toHaveBeenCalledOnce());
    // Nobody holds it: the next look at the pool ends it.
    expect(book.get('garbled')).toMatchObject({ state: 'claimed', holder: 'us' });
    expect(claims.held.size).toBe(0);
    appear(warm('well', readable));
    const lease = await coming;
    expect(lease.pod.name).toBe('well');
    expect(claims.held).toEqual(new Set([lease.id]));
    expect(leases.find('g')).toBe(lease);
    expect(records.view().failures).toMatchObject({
      counts: { unproven: 1 },
      newest: [{ word: 'unproven', runner: 'garbled' }],
    });
    lease.end(null);
    expect(claims.held.size).toBe(0);
  });

  it('is told to the group in words when there are only such', async () => {
    for (const name of ['one', 'two', 'three', 'four']) appear(warm(name, unreadable));
    const coming = leases.get('g', never(), () => undefined);
    await expect(coming).rejects.toThrow(RunnerLost);
    await expect(coming).rejects.toThrow('The runner could not prove which one it is, and was ended.');
    expect(book.all().filter(({ state }) => state === 'claimed')).toHaveLength(3);
    expect(claims.held.size).toBe(0);
    expect(leases.size).toBe(0);
    // Whoever presses Run again waits for a pod of their own.
    appear(warm('well', readable));
    book.remove(book.all().find(({ state, name }) => state === 'warm' && name !== 'well') as PodFacts);
    const lease = await leases.get('g', never(), () => undefined);
    expect(lease.pod.name).toBe('well');
    lease.end(null);
  });

  it('is left where another process has it, for a pod of this one', async () => {
    const theirs = warm('theirs', unreadable);
    theirs.metadata.labels[labels.state] = 'claimed';
    Object.assign(theirs.metadata.annotations, {
      [annotations.lease]: 'lease-of-theirs',
      [annotations.holder]: 'them',
      [annotations.group]: 'g',
      [annotations.claimedAt]: '1',
    });
    appear(theirs);
    appear(warm('well', readable));
    const lease = await leases.get('g', never(), () => undefined);
    expect(lease.pod.name).toBe('well');
    await leases.left();
    expect(pods.get('theirs')?.metadata.annotations).not.toHaveProperty([guestKey('us')]);
    expect(claims.held).toEqual(new Set([lease.id]));
    expect(guests.find('g')?.name).toBe('well');
    lease.end(null);
  });
});
