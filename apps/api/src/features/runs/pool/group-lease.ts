import type { LeasedAgent } from './agent-connection.ts';
import type { Claimed } from './pod-claims.ts';
import { failed, type FailureWord, type PodFailure } from './pod-failure.ts';
import type { PodFacts } from './pod-facts.ts';

/** Events of a pod's end come a moment after its connections broke. */
const REASON_WAIT_MS = 3_000;

/** One group's right to one pod, until it is given back or the pod is of no use any more. Never renewed, never passed on. */
export class GroupLease {
  readonly id: string;
  readonly pod: PodFacts;
  readonly #ended = new AbortController();
  #failure: PodFailure | null = null;
  #users = 0;
  #idle: NodeJS.Timeout | null = null;

  constructor(
    { lease, pod }: Claimed,
    readonly agent: LeasedAgent,
    private readonly idleMs: number,
    private readonly onEnd: (lease: GroupLease) => void,
  ) {
    this.id = lease;
    this.pod = pod;
    this.#rest();
  }

  /** Why it is over, when that is nobody's wish. */
  get failure(): PodFailure | null {
    return this.#failure;
  }

  /** Nobody here uses the pod now. */
  get isIdle(): boolean {
    return this.#users === 0;
  }

  get isOver(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Marks the pod as used until the answer is called. */
  use(): () => void {
    this.#users += 1;
    if (this.#idle !== null) clearTimeout(this.#idle);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#users -= 1;
      if (this.#users === 0) this.#rest();
    };
  }

  end(failure: PodFailure | null): void {
    if (this.isOver) return;
    this.#failure = failure;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#ended.abort();
    this.agent.close();
    this.onEnd(this);
  }

  /**
   * Finds out what is behind a call that broke: null when the agent is well. Otherwise the lease is over, with what the
   * cluster says of the pod, or else because the agent does not answer.
   */
  async diagnose(ask: () => Promise<unknown>): Promise<PodFailure | null> {
    if (!this.isOver && (await this.#answers(ask))) return null;
    return this.explain('wedged');
  }

  /** Ends the lease of an agent that is gone, with what the cluster says of the pod within a moment. */
  async explain(otherwise: FailureWord): Promise<PodFailure> {
    await this.#told();
    this.end(failed(otherwise));
    return this.#failure ?? failed('deleted');
  }

  async #answers(ask: () => Promise<unknown>): Promise<boolean> {
    try {
      await ask();
      return true;
    } catch {
      return false;
    }
  }

  #told(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOver) return resolve();
      const timer = setTimeout(resolve, REASON_WAIT_MS);
      this.#ended.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #rest(): void {
    this.#idle = setTimeout(() => this.end(null), this.idleMs).unref();
  }
}
