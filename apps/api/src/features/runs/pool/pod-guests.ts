import { createHash } from 'node:crypto';
import { log } from '../../../platform/logging/index.ts';
import { type ClusterClient, ClusterError } from './cluster-client.ts';
import type { PodBook } from './pod-book.ts';
import type { Claimed } from './pod-claims.ts';
import { type PodFacts, podFacts } from './pod-facts.ts';
import { annotations, guestPrefix, labels, pointer } from './runner-pod.ts';

/** A process is named on a pod by this much of a hash: a key has a most length, and a name may be longer. */
const KEY_LENGTH = 16;

/**
 * Lets a group whose people are at several processes work in one pod. The process that claimed it holds it; another one
 * writes its name on it, as a guest, and speaks to the agent with the lease that is there. A pod is ended when neither its
 * holder nor a guest uses it any more.
 */
export class PodGuests {
  readonly #key: string;
  /** Pods that were joined to no avail, by uid. */
  readonly #avoided = new Set<string>();

  constructor(
    private readonly client: ClusterClient,
    private readonly podsPath: string,
    private readonly book: PodBook,
    private readonly self: string,
    /** Leases that this process uses, its own and others'. */
    private readonly held: Set<string>,
  ) {
    this.#key = guestKey(self);
    book.listen((pod, gone) => {
      if (gone) this.#avoided.delete(pod.uid);
    });
  }

  /** The pod that the group has already, the first of several; null when it has none. */
  find(group: string): PodFacts | null {
    const [first] = this.book
      .all()
      .filter((pod) => pod.state === 'claimed' && pod.group === group && this.#isOfUse(pod))
      .sort((a, b) => compare(a.claimedAt, b.claimedAt) || compare(a.uid, b.uid));
    return first ?? null;
  }

  /** Joins the group's pod; null when it has none, or none that lets us in. */
  async join(group: string): Promise<Claimed | null> {
    const pod = this.find(group);
    if (pod === null) return null;
    const { lease } = pod;
    // Before it is seen on the pod: what is not held is given back.
    const held = this.held.has(lease);
    this.held.add(lease);
    const joined = await this.#sign(pod);
    if (joined !== null && !joined.ending) return { lease, pod: joined };
    if (!held) this.held.delete(lease);
    return null;
  }

  /** Takes our name off a pod. Whoever uses it still keeps it. */
  async leave(pod: PodFacts): Promise<void> {
    try {
      const left = await this.client.patch(`${this.podsPath}/${pod.name}`, [
        { op: 'test', path: '/metadata/uid', value: pod.uid },
        { op: 'remove', path: pointer('annotations', this.#key) },
      ]);
      this.book.put(podFacts(left));
    } catch (error) {
      // It is gone, or our name is.
      if (error instanceof ClusterError && [404, 422].includes(error.status)) return;
      log.warn({ err: error, pod: pod.name }, 'runner pod of another process could not be left');
    }
  }

  /** The pod of a lease that was of no use to us is not joined again. */
  avoid(pod: PodFacts): void {
    this.#avoided.add(pod.uid);
  }

  #isOfUse({ uid, lease, holder, guests, ready, ending, failure }: PodFacts): boolean {
    if (lease === '' || !ready || ending || failure !== null || this.#avoided.has(uid)) return false;
    // What this process gave up is about to be ended, unless somebody else is there.
    return holder !== this.self || this.held.has(lease) || guests.some((guest) => guest !== this.self);
  }

  async #sign(pod: PodFacts): Promise<PodFacts | null> {
    try {
      const answer = await this.client.patch(`${this.podsPath}/${pod.name}`, [
        { op: 'test', path: '/metadata/uid', value: pod.uid },
        { op: 'test', path: pointer('labels', labels.state), value: 'claimed' },
        { op: 'test', path: pointer('annotations', annotations.lease), value: pod.lease },
        { op: 'add', path: pointer('annotations', this.#key), value: this.self },
      ]);
      const joined = podFacts(answer);
      this.book.put(joined);
      return joined;
    } catch (error) {
      this.avoid(pod);
      log.warn({ err: error, pod: pod.name }, 'runner pod of another process could not be joined');
      return null;
    }
  }
}

export function guestKey(process: string): string {
  return guestPrefix + createHash('sha256').update(process).digest('hex').slice(0, KEY_LENGTH);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
