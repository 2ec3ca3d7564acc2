import { z } from 'zod';
import { log } from '../../../platform/logging/index.ts';
import { BackOff } from './back-off.ts';
import { type ClusterClient, ClusterError } from './cluster-client.ts';
import type { PodBook } from './pod-book.ts';
import type { PodClaims } from './pod-claims.ts';
import type { PodFailure } from './pod-failure.ts';
import { type PodFacts, podFacts } from './pod-facts.ts';
import { nodes, pods as podGauge, startSeconds, waitingGroups, warmTarget } from './pool-metrics.ts';
import type { PoolRecords } from './pool-records.ts';
import { planPool, type PoolPlan } from './pool-plan.ts';
import type { ProcessPresence } from './process-presence.ts';
import { annotations, labels, type PodTemplate, pointer, runnerPod, templateHash } from './runner-pod.ts';

/** Changes of the book are acted on at once; time alone changes things too. */
const LOOK_EVERY_MS = 2_000;
/** While groups claim one pod after the other, the machines' time is theirs and not that of new pods. */
const BURST_QUIET_MS = 1_000;
/** Pods that fail as they start are made ever more slowly. */
const FIRST_HOLD_MS = 1_000;
const LONGEST_HOLD_MS = 60_000;
/** A pod that is given back changes while that is done at most when another process joins it. */
const GIVE_BACK_TRIES = 3;
/** The agent's first line has its certificate; the log of a pod whose agent says more is not read on. */
const MOST_LOG_BYTES = 64 * 1024;

const readySchema = z.object({ event: z.literal('ready'), certificate: z.base64(), level: z.string() });

export type PoolSize = {
  readonly most: number;
  /** How many warm pods there should be now. */
  readonly warm: () => Promise<number>;
};

/** Makes pods, prepares them for a claim, and ends those that are of no use any more. */
export class PoolReconciler {
  #dirty = false;
  #working: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #claimedAt = 0;
  #holdUntil = 0;
  readonly #hold = new BackOff(FIRST_HOLD_MS, LONGEST_HOLD_MS);
  readonly #judged = new Set<string>();
  #lastFailure: PodFailure | null = null;
  #lacking = 0;
  #warmTarget = 0;
  readonly #hash: string;

  constructor(
    private readonly client: ClusterClient,
    private readonly podsPath: string,
    private readonly book: PodBook,
    private readonly claims: PodClaims,
    private readonly presence: ProcessPresence,
    private readonly template: PodTemplate,
    private readonly size: PoolSize,
    private readonly records: PoolRecords,
  ) {
    this.#hash = templateHash(template);
    book.listen((pod, gone) => this.#changed(pod, gone));
  }

  /** Why pods do not become ready, when the last one did not. */
  get trouble(): PodFailure | null {
    const stuck = this.book.all().find(({ state, waiting }) => state === 'new' && waiting !== null);
    return stuck?.waiting ?? this.#lastFailure;
  }

  /** The cap is reached and pods are missing. */
  get isFull(): boolean {
    return this.#lacking > 0;
  }

  get warmTarget(): number {
    return this.#warmTarget;
  }

  /** Something that the plan depends on is different. */
  look(): void {
    this.#dirty = true;
    if (this.#working !== null || this.#stopped) return;
    this.#working = this.#work().finally(() => {
      this.#working = null;
      if (this.#dirty) this.look();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#working;
  }

  /** After `stop`: ends the pods that this process has, but hands those over that another one uses too. */
  async endOwn(): Promise<void> {
    const own = this.book.all().filter(({ holder, ending }) => holder === this.presence.self && !ending);
    await Promise.all(own.map((pod) => this.#giveBack(pod)));
  }

  async #giveBack(pod: PodFacts, tries = GIVE_BACK_TRIES): Promise<void> {
    const { self } = this.presence;
    const path = `${this.podsPath}/${pod.name}`;
    const next = pod.guests.find((guest) => guest !== self && this.presence.isAlive(guest));
    try {
      if (next === undefined) return await this.#delete(pod);
      await this.client.patch(path, [
        { op: 'test', path: '/metadata/uid', value: pod.uid },
        { op: 'test', path: pointer('annotations', annotations.holder), value: self },
        { op: 'replace', path: pointer('annotations', annotations.holder), value: next },
      ]);
    } catch (error) {
      if (!(error instanceof ClusterError && error.status === 409) || tries <= 1) throw error;
      // It changed since it was seen.
      await this.#giveBack(podFacts(await this.client.get(path)), tries - 1);
    }
  }

  #changed(pod: PodFacts, gone: boolean): void {
    if (pod.state === 'claimed' && !gone) this.#claimedAt = Date.now();
    if (gone) this.#judged.delete(pod.uid);
    this.look();
  }

  async #work(): Promise<void> {
    while (this.#dirty && !this.#stopped) {
      this.#dirty = false;
      try {
        await this.#once();
      } catch (error) {
        log.warn({ err: error }, 'runner pool could not be brought to its size');
      }
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.look(), LOOK_EVERY_MS).unref();
  }

  async #once(): Promise<void> {
    const warm = await this.size.warm();
    const all = this.book.all();
    const now = Date.now();
    const burst = now - this.#claimedAt < BURST_QUIET_MS && this.claims.waiting === 0 && this.claims.warm > 0;
    const plan = planPool(all, {
      warm,
      waiting: this.claims.waiting,
      most: this.size.most,
      hold: burst || now < this.#holdUntil || !this.presence.present,
      template: this.#hash,
      self: this.presence.self,
      held: this.claims.held,
      isAlive: (holder) => this.presence.isAlive(holder),
      now,
    });
    this.#lacking = plan.lacking;
    this.#warmTarget = warm;
    this.#measure(all, warm);
    await this.#perform(plan);
  }

  async #perform({ make, end, prepare }: PoolPlan): Promise<void> {
    const done = await Promise.allSettled([
      ...end.map(({ pod, failure }) => this.#end(pod, failure)),
      ...prepare.map((pod) => this.#prepare(pod)),
      ...make.map((nth) => this.#make(nth)),
    ]);
    for (const one of done)
      if (one.status === 'rejected')
        log.warn({ err: one.reason as unknown }, 'a runner pod could not be changed');
  }

  async #make(nth: number): Promise<void> {
    try {
      this.book.put(podFacts(await this.client.create(this.podsPath, runnerPod(this.template, nth))));
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      // Another process made it, or an earlier pod of that place is not gone yet.
      if (error.reason === 'AlreadyExists') return;
      this.#pauseMaking(error.retryAfterMs);
      throw error;
    }
  }

  async #end(pod: PodFacts, failure: PodFailure | null): Promise<void> {
    if (failure !== null && !this.#judged.has(pod.uid)) {
      this.#judged.add(pod.uid);
      this.records.failed(pod, failure.word);
      log.warn(
        { pod: pod.name, node: pod.node, reason: failure.word, state: pod.state },
        'runner pod failed',
      );
      if (pod.state === 'new') {
        this.#lastFailure = failure;
        this.#pauseMaking(0);
      }
    }
    try {
      await this.#delete(pod);
    } catch (error) {
      // It changed meanwhile, perhaps because a process joined it: the watch tells.
      if (!(error instanceof ClusterError && error.status === 409)) throw error;
    }
  }

  async #delete({ name, uid, resourceVersion, state, failure }: PodFacts): Promise<void> {
    // Only as it was seen, when it is well: a process that joined since then is not to lose it.
    const asSeen = state === 'claimed' && failure === null;
    await this.client.delete(`${this.podsPath}/${name}`, asSeen ? { uid, resourceVersion } : { uid });
  }

  /** Reads from the agent itself, by way of the cluster, with which key it answers. */
  async #prepare(pod: PodFacts): Promise<void> {
    const said = await this.client.text(`${this.podsPath}/${pod.name}/log`, {
      limitBytes: MOST_LOG_BYTES,
      container: 'agent',
    });
    const { certificate, level } = readySchema.parse(JSON.parse(said.slice(0, said.indexOf('\n'))));
    const answer = await this.client
      .patch(`${this.podsPath}/${pod.name}`, [
        // Another pod of that name by now has another key.
        { op: 'test', path: '/metadata/uid', value: pod.uid },
        { op: 'test', path: pointer('labels', labels.state), value: 'new' },
        { op: 'add', path: pointer('annotations', annotations.certificate), value: certificate },
        { op: 'add', path: pointer('annotations', annotations.level), value: level },
        { op: 'replace', path: pointer('labels', labels.state), value: 'warm' },
      ])
      .catch((error: unknown) => {
        // Another process did it, or the pod is gone: the watch tells.
        if (error instanceof ClusterError && [404, 409, 422].includes(error.status)) return null;
        throw error;
      });
    if (answer === null) return;
    startSeconds.observe({ pool: this.template.pool }, (Date.now() - pod.createdAt.getTime()) / 1000);
    this.#lastFailure = null;
    this.#hold.reset();
    this.book.put(podFacts(answer));
  }

  #pauseMaking(atLeastMs: number): void {
    this.#holdUntil = Date.now() + this.#hold.pauseMs(atLeastMs);
  }

  #measure(all: readonly PodFacts[], warm: number): void {
    const { pool } = this.template;
    for (const state of ['new', 'warm', 'claimed'] as const)
      podGauge.set({ pool, state }, all.filter((pod) => pod.state === state && !pod.ending).length);
    podGauge.set({ pool, state: 'ending' }, all.filter(({ ending }) => ending).length);
    nodes.set({ pool }, new Set(all.map(({ node }) => node).filter(Boolean)).size);
    waitingGroups.set({ pool }, this.claims.waiting);
    warmTarget.set({ pool }, warm);
  }
}
