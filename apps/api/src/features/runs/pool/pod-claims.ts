import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../../platform/ids/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { BackOff } from './back-off.ts';
import { type ClusterClient, ClusterError } from './cluster-client.ts';
import type { PodBook } from './pod-book.ts';
import { type PodFacts, podFacts } from './pod-facts.ts';
import { annotations, labels, pointer } from './runner-pod.ts';

/** An API server that fails is not asked again at once, and ever less while it does. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export type Claimed = { readonly lease: string; readonly pod: PodFacts };

type Waiter = {
  readonly lease: string;
  readonly group: string;
  readonly onPlace: (place: number) => void;
  readonly resolve: (claimed: Claimed) => void;
  place: number;
};

/**
 * Gives warm pods to groups, first come, first served. Of all processes that reach for one pod, the API server lets one
 * have it: the patch holds only for the version and the state that were seen.
 */
export class PodClaims {
  readonly #waiters: Waiter[] = [];
  /** Pods that a patch of ours is under way for. */
  readonly #reaching = new Set<string>();
  /** Versions of pods that another one was faster to change; the watch tells what became of them. */
  readonly #stale = new WeakSet<PodFacts>();
  readonly #trouble = new BackOff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  /** Leases that are given or about to be. */
  readonly held = new Set<string>();

  constructor(
    private readonly client: ClusterClient,
    private readonly podsPath: string,
    private readonly book: PodBook,
    private readonly self: string,
    private readonly onWaiting: () => void,
  ) {
    book.listen(() => this.#serve());
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  get warm(): number {
    return this.#warm().length;
  }

  /** `onPlace` is told the place in the queue, 1 is next, whenever it changes. @throws the signal's reason */
  claim(group: string, signal: AbortSignal, onPlace: (place: number) => void): Promise<Claimed> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const waiter: Waiter = { lease: newId<string>(), group, onPlace, resolve: done, place: 0 };
      const claims = this;
      function done(claimed: Claimed): void {
        signal.removeEventListener('abort', leave);
        resolve(claimed);
      }
      function leave(): void {
        const at = claims.#waiters.indexOf(waiter);
        // A patch under way: who waits for it has gone, so what it gets is released by not being held.
        if (at === -1) claims.held.delete(waiter.lease);
        else claims.#waiters.splice(at, 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
      }
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      this.#serve();
      if (this.#waiters.includes(waiter)) this.onWaiting();
    });
  }

  #warm(): PodFacts[] {
    return this.book
      .all()
      .filter(
        (pod) =>
          pod.state === 'warm' &&
          pod.ready &&
          !pod.ending &&
          pod.failure === null &&
          !this.#reaching.has(pod.name) &&
          !this.#stale.has(pod),
      );
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const warm = this.#warm();
      // Another process reaches too; at random, two rarely reach for the same one.
      const pod = warm[Math.floor(Math.random() * warm.length)];
      if (pod === undefined) break;
      const waiter = this.#waiters.shift();
      if (waiter !== undefined) void this.#reach(waiter, pod);
    }
    for (const [at, waiter] of this.#waiters.entries()) {
      if (waiter.place === at + 1) continue;
      waiter.place = at + 1;
      waiter.onPlace(waiter.place);
    }
  }

  async #reach(waiter: Waiter, pod: PodFacts): Promise<void> {
    this.#reaching.add(pod.name);
    this.held.add(waiter.lease);
    try {
      const claimed = podFacts(
        await this.client.patch(`${this.podsPath}/${pod.name}`, this.#operations(waiter, pod)),
      );
      this.#trouble.reset();
      this.book.put(claimed);
      waiter.resolve({ lease: waiter.lease, pod: claimed });
    } catch (error) {
      await this.#lost(waiter, pod, error);
    } finally {
      this.#reaching.delete(pod.name);
      this.#serve();
    }
  }

  #operations({ lease, group }: Waiter, { resourceVersion }: PodFacts): unknown[] {
    const said = {
      [annotations.lease]: lease,
      [annotations.holder]: this.self,
      [annotations.group]: group,
      [annotations.claimedAt]: new Date().toISOString(),
      // A machine that is being emptied waits for who works here.
      [annotations.safeToEvict]: 'false',
    };
    return [
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      { op: 'test', path: pointer('labels', labels.state), value: 'warm' },
      { op: 'replace', path: pointer('labels', labels.state), value: 'claimed' },
      ...Object.entries(said).map(([name, value]) => ({
        op: 'add',
        path: pointer('annotations', name),
        value,
      })),
    ];
  }

  /** Another one has it, or it changed, or the server could not say: whoever waits is first again. */
  async #lost(waiter: Waiter, pod: PodFacts, error: unknown): Promise<void> {
    if (error instanceof ClusterError && error.status < 500 && error.status !== 429) this.#stale.add(pod);
    else {
      log.warn({ err: error }, 'runner pod could not be claimed');
      await sleep(this.#trouble.pauseMs(error instanceof ClusterError ? error.retryAfterMs : 0));
      // Whether an unanswered patch was done is found out by looking.
      const now = await this.#look(pod);
      if (now?.lease === waiter.lease) return waiter.resolve({ lease: waiter.lease, pod: now });
    }
    // Given up meanwhile.
    if (!this.held.delete(waiter.lease)) return;
    this.#waiters.unshift(waiter);
  }

  async #look(pod: PodFacts): Promise<PodFacts | null> {
    try {
      const now = podFacts(await this.client.get(`${this.podsPath}/${pod.name}`));
      this.book.put(now);
      return now;
    } catch (error) {
      if (error instanceof ClusterError && error.status === 404) this.book.remove(pod);
      return null;
    }
  }
}
