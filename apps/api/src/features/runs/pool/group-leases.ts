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
/** Pods that a group is given, one after the other, before it is told that none of them was of use. */
const MOST_PODS = 3;

/** A lease, and whether its agent has answered already. */
type Begun = { readonly lease: GroupLease; readonly isReached: boolean };

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
        const { lease, isReached } = await this.#provide(group, signal, onPlace);
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
    try {
      const { lease } = this.#begin(group, joined, true);
      await this.#reach(lease);
      return lease;
    } catch {
      // That is told to operators; the group gets a pod of this process.
      this.guests.avoid(joined.pod);
      return null;
    }
  }

  /** A lease on a pod of this process. One that cannot be used is none of the group's doing: it is given another. */
  async #provide(group: string, signal: AbortSignal, onPlace: (place: number) => void): Promise<Begun> {
    for (let pods = 1; ; pods += 1) {
      const claimed = await this.claims.claim(group, signal, onPlace);
      try {
        return this.#begin(group, claimed);
      } catch (error) {
        if (!(error instanceof RunnerLost) || pods === MOST_PODS) throw error;
      }
    }
  }

  /** @throws RunnerLost when the agent cannot be known by its certificate; nothing of the pod is held then */
  #begin(group: string, claimed: Claimed, isGuest = false): Begun {
    const connection = this.#connect(claimed, isGuest);
    const isReached = connection.isOpen;
    const agent = connection.lease(claimed.lease);
    const lease = new GroupLease(claimed, agent, this.idleMs, (over) => this.#over(group, over, isGuest));
    this.#leases.set(group, lease);
    return { lease, isReached };
  }

  #connect({ lease, pod }: Claimed, isGuest: boolean): AgentConnection {
    try {
      return this.connections.take(pod);
    } catch (cause) {
      const failure = failed('unproven');
      this.records.failed(pod, failure.word);
      log.error({ err: cause, pod: pod.name, node: pod.node }, 'runner pod cannot prove which one it is');
      this.#giveUp(lease, pod, isGuest);
      throw new RunnerLost(failure.sentence, { cause });
    }
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
    this.#giveUp(lease.id, lease.pod, isGuest);
  }

  /** What nobody uses is ended by the next look at the pool. */
  #giveUp(lease: string, pod: PodFacts, isGuest: boolean): void {
    this.claims.held.delete(lease);
    if (isGuest) this.#leave(pod);
    this.onEnd();
  }

  #leave(pod: PodFacts): void {
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
