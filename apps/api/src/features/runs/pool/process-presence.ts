import { z } from 'zod';
import { log } from '../../../platform/logging/index.ts';
import { type ClusterClient, ClusterError } from './cluster-client.ts';
import { labels } from './runner-pod.ts';

export type PresenceTiming = {
  readonly renewMs: number;
  /** A process whose lease did not change for this long is dead. Others find its pods. */
  readonly deadAfterMs: number;
};
export const presenceTiming: PresenceTiming = { renewMs: 5_000, deadAfterMs: 20_000 };

export const PRESENCE_APP = 'lineage-api';

const leaseSchema = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
  spec: z.object({ renewTime: z.string().default('') }).prefault({}),
});
const listSchema = z.object({ items: z.array(leaseSchema) });

/**
 * The heartbeat of this process, and those of the others: one Lease (coordination.k8s.io) each. Clocks are not compared:
 * a process is dead when its heartbeat was not seen to change for long enough, by the clock of who looks.
 */
export class ProcessPresence {
  readonly #seen = new Map<string, { version: string; changedAt: number }>();
  #lookedAt = 0;
  readonly #missingSince = new Map<string, number>();
  #present = false;

  constructor(
    private readonly client: ClusterClient,
    private readonly leasesPath: string,
    readonly self: string,
    private readonly onForfeit: () => void,
    private readonly timing: PresenceTiming = presenceTiming,
    private readonly now: () => number = Date.now,
  ) {}

  /** Pods are made only by who is known to be alive. */
  get present(): boolean {
    return this.#present;
  }

  isAlive(holder: string): boolean {
    if (holder === this.self) return true;
    const seen = this.#seen.get(holder);
    const since = seen?.changedAt ?? this.#missingSince.get(holder) ?? this.#startMissing(holder);
    return this.now() - since < this.timing.deadAfterMs;
  }

  /** One heartbeat, and a look at the others'. Never throws. */
  async beat(): Promise<void> {
    try {
      await this.#renew();
      await this.#look();
    } catch (error) {
      log.warn({ err: error }, 'heartbeat of this process not told to the cluster');
    }
  }

  async leave(): Promise<void> {
    this.#present = false;
    await this.client.delete(`${this.leasesPath}/${this.self}`);
  }

  async #renew(): Promise<void> {
    // MicroTime: six digits of a second.
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    if (this.#present) {
      try {
        const changed = { op: 'replace', path: '/spec/renewTime', value: renewTime };
        await this.client.patch(`${this.leasesPath}/${this.self}`, [changed]);
        return;
      } catch (error) {
        if (!(error instanceof ClusterError && error.status === 404)) throw error;
        // The others took this process for dead, and with it its claims.
        this.#present = false;
        log.error({}, 'this process was taken for dead; its runner pods are given up');
        this.onForfeit();
      }
    }
    const leaseDurationSeconds = Math.ceil(this.timing.deadAfterMs / 1000);
    const body = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: this.self, labels: { [labels.app]: PRESENCE_APP } },
      spec: { holderIdentity: this.self, leaseDurationSeconds, renewTime },
    };
    await this.client.create(this.leasesPath, body).catch((error: unknown) => {
      // An earlier answer was lost.
      if (!(error instanceof ClusterError && error.status === 409)) throw error;
    });
    this.#present = true;
  }

  async #look(): Promise<void> {
    const answer = await this.client.get(this.leasesPath, {
      labelSelector: `${labels.app}=${PRESENCE_APP}`,
    });
    const now = this.now();
    // Who did not look could not have seen a change.
    const blind = now - this.#lookedAt > 2 * this.timing.renewMs;
    this.#lookedAt = now;
    const items = listSchema.parse(answer).items;
    const names = new Set(items.map(({ metadata }) => metadata.name));
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name);
    if (blind) this.#missingSince.clear();
    for (const { metadata } of items) {
      this.#missingSince.delete(metadata.name);
      const known = this.#seen.get(metadata.name);
      if (!blind && known?.version === metadata.resourceVersion) continue;
      this.#seen.set(metadata.name, { version: metadata.resourceVersion, changedAt: now });
    }
    await this.#buryTheDead();
  }

  async #buryTheDead(): Promise<void> {
    for (const name of this.#seen.keys()) {
      if (name === this.self || this.isAlive(name)) continue;
      log.warn({ process: name }, 'another process is dead; its runner pods are ended');
      await this.client.delete(`${this.leasesPath}/${name}`);
      this.#seen.delete(name);
      this.#missingSince.set(name, this.now() - this.timing.deadAfterMs);
    }
  }

  #startMissing(holder: string): number {
    const now = this.now();
    this.#missingSince.set(holder, now);
    return now;
  }
}
