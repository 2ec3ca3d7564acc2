import { log } from '../../../platform/logging/index.ts';
import { RunnerLost } from '../runner-pool.ts';
import type { AgentConnection } from './agent-connection.ts';
import { GroupLease } from './group-lease.ts';
import type { PodBook } from './pod-book.ts';
import type { Claimed, PodClaims } from './pod-claims.ts';
import type { PodGuests } from './pod-guests.ts';
import { SharedWait } from './shared-wait.ts';
import { failed } from './pod-failure.ts';
import type { PodFacts } from './pod-facts.ts';
import type { PoolRecords } from './pool-records.ts';
import type { WarmConnections } from './warm-connections.ts';

/** A handshake takes milliseconds; packets that a policy drops are never answered. */
const REACH_MS = 5_000;

/** The leases of this process: one for each group that works now. */
export class GroupLeases {
  readonly #leases = new Map<string, GroupLease>();
  /** Claims under way, so that two runs of a group get one pod. */
  readonly #coming = new Map<string, SharedWait<GroupLease>>();
  readonly #leaving = new Set<Promise<void>>();

  constructor(
    private readonly claims: PodClaims,
    private readonly guests: PodGuests,
    private readonly connections: WarmConnections,
    private readonly idleMs: number,
    private readonly records: PoolRecords,
    book: PodBook,
    private readonly onEnd: () => void,
  ) {
    book.listen((pod, gone) => this.#heard(pod, gone));
  }

  get size(): number {
    return this.#leases.size;
  }

  /** One of those that stand, or null. */
  any(): GroupLease | null {
    const [lease] = this.#leases.values();
    return lease ?? null;
  }

  /** Null as well when two processes claimed at once and the other was first: whoever is idle then moves to that pod. */
  find(group: string): GroupLease | null {
    const lease = this.#leases.get(group) ?? null;
    if (lease?.isIdle !== true) return lease;
    const first = this.guests.find(group);
    if (first === null || first.uid === lease.pod.uid) return lease;
    lease.end(null);
    return null;
  }

  /** Whether the group takes no other pod: one is on its way to it, or it has one at another process. */
  isProvided(group: string): boolean {
    return this.#coming.has(group) || this.guests.find(group) !== null;
  }

  /** The group's lease, else a new one as soon as there is a pod. @throws the signal's reason */
  async get(group: string, signal: AbortSignal, onPlace: (place: number) => void): Promise<GroupLease> {
    const there = this.find(group);
    if (there !== null) return there;
    const coming = this.#coming.get(group);
    const claim = coming === undefined || coming.isGivenUp ? this.#claim(group) : coming;
    return claim.wait(signal, onPlace);
  }

  /** After `endAll`: resolves when the pods of other processes know that this one uses them no more. */
  async left(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  endAll(sentence: 'orphaned' | null): void {
    for (const coming of this.#coming.values()) coming.giveUp(new Error('the server is being stopped'));
    for (const lease of [...this.#leases.values()]) lease.end(sentence === null ? null : failed(sentence));
  }

  #claim(group: string): SharedWait<GroupLease> {
    const askedAt = performance.now();
    const coming = new SharedWait(async (signal, onPlace) => {
      try {
        const there = await this.#visit(group);
        if (there !== null) return there;
        const claimed = await this.claims.claim(group, signal, onPlace);
        const connection = this.connections.take(claimed.pod);
        const isReached = connection.isOpen;
        const lease = this.#begin(group, claimed, connection);
        if (!isReached) await this.#reach(lease);
        this.records.claimed(performance.now() - askedAt);
        return lease;
      } finally {
        if (this.#coming.get(group) === coming) this.#coming.delete(group);
      }
    });
    this.#coming.set(group, coming);
    return coming;
  }

  /** The lease that the group has at another process, used here too; null when there is none of use. */
  async #visit(group: string): Promise<GroupLease | null> {
    const joined = await this.guests.join(group);
    if (joined === null) return null;
    const lease = this.#begin(group, joined, this.connections.take(joined.pod), true);
    try {
      await this.#reach(lease);
      return lease;
    } catch {
      // That is told to operators; the group gets a pod of this process.
      this.guests.avoid(joined.pod);
      return null;
    }
  }

  #begin(group: string, claimed: Claimed, connection: AgentConnection, isGuest = false): GroupLease {
    const agent = connection.lease(claimed.lease);
    const lease = new GroupLease(claimed, agent, this.idleMs, (over) => this.#over(group, over, isGuest));
    this.#leases.set(group, lease);
    return lease;
  }

  /** The agent's answer shows that the network lets us through. */
  async #reach(lease: GroupLease): Promise<void> {
    try {
      await lease.agent.client.describe({}, { timeoutMs: REACH_MS });
    } catch (cause) {
      const failure = failed('unreachable');
      this.records.failed(lease.pod, failure.word);
      log.error({ err: cause, pod: lease.pod.name, node: lease.pod.node }, 'runner pod could not be reached');
      lease.end(failure);
      throw new RunnerLost(lease.failure?.sentence ?? failure.sentence, { cause });
    }
  }

  #over(group: string, lease: GroupLease, isGuest: boolean): void {
    if (this.#leases.get(group) === lease) this.#leases.delete(group);
    // What nobody uses is ended by the next look at the pool.
    this.claims.held.delete(lease.id);
    if (isGuest) this.#leave(lease);
    this.onEnd();
  }

  #leave({ pod }: GroupLease): void {
    const leaving = this.guests.leave(pod).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #heard(pod: PodFacts, gone: boolean): void {
    for (const lease of this.#leases.values()) {
      if (lease.pod.uid !== pod.uid) continue;
      if (pod.failure !== null) lease.end(pod.failure);
      else if (gone || pod.ending || pod.lease !== lease.id) {
        // Nobody here ended it: a lease that we ended is not among these any more.
        const failure = failed('deleted');
        this.records.failed(pod, failure.word);
        lease.end(failure);
      }
    }
  }
}
