import { log } from '../../../platform/logging/index.ts';
import { RunnerLost } from '../runner-pool.ts';
import type { AgentConnection } from './agent-connection.ts';
import { GroupLease } from './group-lease.ts';
import type { PodBook } from './pod-book.ts';
import type { Claimed, PodClaims } from './pod-claims.ts';
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

  constructor(
    private readonly claims: PodClaims,
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

  find(group: string): GroupLease | null {
    return this.#leases.get(group) ?? null;
  }

  isComing(group: string): boolean {
    return this.#coming.has(group);
  }

  /** The group's lease, else a new one as soon as there is a pod. @throws the signal's reason */
  async get(group: string, signal: AbortSignal, onPlace: (place: number) => void): Promise<GroupLease> {
    const there = this.find(group);
    if (there !== null) return there;
    const coming = this.#coming.get(group);
    const claim = coming === undefined || coming.isGivenUp ? this.#claim(group) : coming;
    return claim.wait(signal, onPlace);
  }

  endAll(sentence: 'orphaned' | null): void {
    for (const coming of this.#coming.values()) coming.giveUp(new Error('the server is being stopped'));
    for (const lease of [...this.#leases.values()]) lease.end(sentence === null ? null : failed(sentence));
  }

  #claim(group: string): SharedWait<GroupLease> {
    const askedAt = performance.now();
    const coming = new SharedWait(async (signal, onPlace) => {
      try {
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

  #begin(group: string, claimed: Claimed, connection: AgentConnection): GroupLease {
    const agent = connection.lease(claimed.lease);
    const lease = new GroupLease(claimed, agent, this.idleMs, (over) => this.#over(group, over));
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

  #over(group: string, lease: GroupLease): void {
    if (this.#leases.get(group) === lease) this.#leases.delete(group);
    // What nobody holds is ended by the next look at the pool.
    this.claims.held.delete(lease.id);
    this.onEnd();
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
