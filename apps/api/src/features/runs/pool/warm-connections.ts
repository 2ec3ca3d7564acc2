import { log } from '../../../platform/logging/index.ts';
import type { AgentConnection } from './agent-connection.ts';
import type { PodBook } from './pod-book.ts';
import type { PodFacts } from './pod-facts.ts';

/**
 * Connections to the agents of pods that wait, made before a group asks: a handshake of both sides takes about as long as
 * the claim itself. Every process has them, and drops that of a pod which another one claims.
 */
export class WarmConnections {
  /** By uid: a pod's name is used again. */
  readonly #waiting = new Map<string, AgentConnection>();

  /** `connect` makes one that is not open yet. */
  constructor(
    book: PodBook,
    private readonly self: string,
    private readonly connect: (pod: PodFacts) => AgentConnection,
  ) {
    book.listen((pod, gone) => this.#heard(pod, gone));
  }

  /** The connection to a pod that was claimed here; it is the caller's to close. */
  take(pod: PodFacts): AgentConnection {
    const connection = this.#waiting.get(pod.uid) ?? this.connect(pod);
    this.#waiting.delete(pod.uid);
    return connection;
  }

  close(): void {
    for (const connection of this.#waiting.values()) connection.close();
    this.#waiting.clear();
  }

  #heard(pod: PodFacts, gone: boolean): void {
    const isOver = gone || pod.ending || pod.failure !== null;
    const isTheirs = pod.state === 'claimed' && pod.holder !== this.self;
    if (isOver || isTheirs) {
      this.#waiting.get(pod.uid)?.close();
      this.#waiting.delete(pod.uid);
    } else if (pod.state === 'warm' && pod.ready && !this.#waiting.has(pod.uid)) this.#open(pod);
  }

  #open(pod: PodFacts): void {
    try {
      const connection = this.connect(pod);
      this.#waiting.set(pod.uid, connection);
      connection.open();
    } catch (error) {
      // A group that gets it is told; whoever listens to the cluster goes on.
      log.warn({ err: error, pod: pod.name }, 'runner pod has no certificate that can be read');
    }
  }
}
