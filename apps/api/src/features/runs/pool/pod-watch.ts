import { z } from 'zod';
import { log } from '../../../platform/logging/index.ts';
import { BackOff, pause } from './back-off.ts';
import { type ClusterClient, ClusterError } from './cluster-client.ts';
import type { PodBook } from './pod-book.ts';
import { podFacts } from './pod-facts.ts';
import { watchTroubles } from './pool-metrics.ts';

export type WatchTiming = {
  /** The server ends a watch after this long, and it is begun anew. */
  readonly watchSeconds: number;
  /** A watch that has not ended this long after it should have is dead: nothing else would tell. */
  readonly silenceMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
};
export const watchTiming: WatchTiming = {
  watchSeconds: 25,
  silenceMs: 35_000,
  firstPauseMs: 200,
  longestPauseMs: 15_000,
};

const PAGE = 500;

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()),
});
const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});
const versionSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const statusSchema = z.object({ code: z.number().default(500), message: z.string().default('') });

/**
 * Keeps a book of the pods that a selector names: a list, then what changed since, for ever. It outlives a server that
 * ends the watch, forgets the version (410), says nothing any more, or is gone for a while.
 */
export class PodWatch {
  #version: string | null = null;
  #trouble: string | null = 'The cluster has not answered yet.';
  #listed = false;

  constructor(
    private readonly client: Pick<ClusterClient, 'get' | 'watch'>,
    private readonly path: string,
    private readonly labelSelector: string,
    private readonly book: PodBook,
    private readonly timing: WatchTiming = watchTiming,
  ) {}

  /** Why nothing new is heard of the cluster, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** The pods were known at least once. */
  get hasListed(): boolean {
    return this.#listed;
  }

  /** Runs until `signal` is aborted. Never throws. */
  async follow(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(this.timing.firstPauseMs, this.timing.longestPauseMs);
    while (!signal.aborted) {
      try {
        if (this.#version === null) await this.#list();
        await this.#watch(signal);
        backOff.reset();
      } catch (error) {
        if (signal.aborted) return;
        const forgotten = error instanceof ClusterError && error.status === 410;
        watchTroubles.inc({ kind: forgotten ? 'forgotten' : isSilence(error) ? 'silent' : 'failed' });
        if (forgotten) this.#version = null;
        else {
          this.#trouble = `The cluster does not answer: ${error instanceof Error ? error.message : String(error)}`;
          log.warn({ err: error }, 'watch of runner pods broke off');
        }
        await pause(backOff.pauseMs(error instanceof ClusterError ? error.retryAfterMs : 0), signal);
      }
    }
  }

  async #list(): Promise<void> {
    const items: unknown[] = [];
    let next: string | undefined;
    let version: string;
    do {
      const query = { labelSelector: this.labelSelector, limit: PAGE };
      const page = listSchema.parse(
        await this.client.get(this.path, next === undefined ? query : { ...query, continue: next }),
      );
      items.push(...page.items);
      ({ resourceVersion: version, continue: next } = page.metadata);
    } while (next !== undefined && next !== '');
    this.book.reset(items.map(podFacts));
    this.#version = version;
    this.#listed = true;
    this.#trouble = null;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const silence = AbortSignal.timeout(this.timing.silenceMs);
    const lines = this.client.watch(
      this.path,
      {
        labelSelector: this.labelSelector,
        resourceVersion: this.#version ?? '',
        allowWatchBookmarks: true,
        timeoutSeconds: this.timing.watchSeconds,
      },
      AbortSignal.any([signal, silence]),
    );
    for await (const line of lines) this.#take(eventSchema.parse(JSON.parse(line)));
    this.#trouble = null;
  }

  #take({ type, object }: z.output<typeof eventSchema>): void {
    this.#trouble = null;
    if (type === 'ERROR') {
      const { code, message } = statusSchema.parse(object);
      throw new ClusterError(code, '', message);
    }
    this.#version = versionSchema.parse(object).metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    const pod = podFacts(object);
    if (type === 'DELETED') this.book.remove(pod);
    else this.book.put(pod);
  }
}

const isSilence = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';
