import { setTimeout as sleep } from 'node:timers/promises';
import { annotations } from '../../src/features/runs/pool/runner-pod.ts';
import type { TestNamespace } from './pool-on-cluster.ts';

const LOOK_MS = 100;

/** Which groups each pod was claimed for, seen from beside the system. */
export class PodOwners {
  readonly #groups = new Map<string, Set<string>>();
  #ended = false;
  #watching: Promise<void> | null = null;

  constructor(private readonly namespace: TestNamespace) {}

  /** Pods that were seen with a group. */
  get pods(): number {
    return this.#groups.size;
  }

  /** Pods that were seen with more than one. */
  get usedTwice(): number {
    return [...this.#groups.values()].filter((groups) => groups.size > 1).length;
  }

  start(): void {
    this.#watching = this.#watch();
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    for (; !this.#ended; await sleep(LOOK_MS)) {
      // The API server is one of those that end.
      for (const { metadata } of await this.namespace.pods().catch(() => [])) {
        const group = metadata.annotations[annotations.group];
        if (group === undefined) continue;
        const groups = this.#groups.get(metadata.uid) ?? new Set();
        this.#groups.set(metadata.uid, groups.add(group));
      }
    }
  }
}
