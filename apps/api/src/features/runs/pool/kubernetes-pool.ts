import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  BuildOutcome,
  type BuildResponse,
  BuildResponseSchema,
  type DescribeResponse,
  type ExecuteResponse,
  ExecuteResponseSchema,
  StageName,
  Verdict,
} from '@lineage/runner-protocol';
import type { GroupId, RunnerPoolOverview } from '@lineage/contracts';
import type { Config } from '../../../config/index.ts';
import { newId } from '../../../platform/ids/index.ts';
import { log } from '../../../platform/logging/index.ts';
import {
  type ExecuteInput,
  type PoolState,
  RunnerLost,
  RunnerPool,
  type RunLimits,
  type StartInput,
} from '../runner-pool.ts';
import { AgentConnection } from './agent-connection.ts';
import { type ApiIdentity, apiIdentity } from './api-identity.ts';
import { pause } from './back-off.ts';
import { clusterAccess } from './cluster-access.ts';
import { ClusterClient } from './cluster-client.ts';
import type { GroupLease } from './group-lease.ts';
import { GroupLeases } from './group-leases.ts';
import { PodBook } from './pod-book.ts';
import type { PodFacts } from './pod-facts.ts';
import { PodClaims } from './pod-claims.ts';
import { PodGuests } from './pod-guests.ts';
import { PodWatch } from './pod-watch.ts';
import { PoolRecords } from './pool-records.ts';
import { PoolReconciler } from './pool-reconciler.ts';
import { type PresenceTiming, presenceTiming, ProcessPresence } from './process-presence.ts';
import { Places } from './places.ts';
import { AGENT_PORT, APP, labels, type PodTemplate } from './runner-pod.ts';
import { WarmConnections } from './warm-connections.ts';

const POOL = 'standard';
/** Longer than a machine needs to be added to a cluster; who still waits then is told why. */
const WAIT_MS = 300_000;
/** A broken call is looked into for this long. */
const DIAGNOSE_MS = 3_000;

/** One program ends at its own limit, and says so, before the kernel ends the whole pod. */
const PROGRAM_SHARE = 1 / 4;
const MOST_PROGRAM_BYTES = 512 * 1024 ** 2;

/**
 * Agents in pods: one pod for a group, from its first run until it is idle, and never for another one. Everything that
 * is known of Kubernetes is in this folder.
 */
export class KubernetesPool extends RunnerPool implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly limits: RunLimits;
  readonly #client: ClusterClient;
  readonly #book = new PodBook();
  readonly #records = new PoolRecords(POOL);
  readonly #most: number;
  readonly #watch: PodWatch;
  readonly #claims: PodClaims;
  readonly #connections: WarmConnections;
  readonly #leases: GroupLeases;
  readonly #presence: ProcessPresence;
  readonly #reconciler: PoolReconciler;
  readonly #ending = new AbortController();
  readonly #podsPath: string;
  #working: Promise<unknown> = Promise.resolve();

  /** `expectedGroups` says how many groups are about to work, by the timetable. */
  constructor(
    config: Config,
    expectedGroups: () => Promise<number>,
    private readonly timing: PresenceTiming = presenceTiming,
  ) {
    super();
    const { runMs, kubernetes } = config.runner;
    if (kubernetes === null) throw new Error('RUNNER is not kubernetes');
    const memoryBytes = Math.min(MOST_PROGRAM_BYTES, bytes(kubernetes.pod.memory) * PROGRAM_SHARE);
    this.limits = {
      wallMs: runMs,
      cpuMs: runMs,
      memoryBytes: BigInt(Math.floor(memoryBytes)),
      processes: kubernetes.processes,
    };
    this.#most = kubernetes.most;
    const identity = apiIdentity(config.identity.secret);
    const self = `lineage-api-${newId<string>()}`;
    this.#client = new ClusterClient(clusterAccess(kubernetes.kubeconfig, kubernetes.inCluster));
    this.#podsPath = `/api/v1/namespaces/${kubernetes.namespace}/pods`;
    const leasesPath = `/apis/coordination.k8s.io/v1/namespaces/${kubernetes.namespace}/leases`;
    const template: PodTemplate = {
      ...kubernetes.pod,
      pool: POOL,
      minLevel: config.runner.minLevel,
      clientKeyHash: identity.keyHash,
    };
    this.#watch = new PodWatch(
      this.#client,
      this.#podsPath,
      `${labels.app}=${APP},${labels.pool}=${POOL}`,
      this.#book,
    );
    this.#claims = new PodClaims(this.#client, this.#podsPath, this.#book, self, () =>
      this.#reconciler.look(),
    );
    this.#connections = new WarmConnections(this.#book, self, (pod) => agentOf(pod, identity));
    const guests = new PodGuests(this.#client, this.#podsPath, this.#book, self, this.#claims.held);
    this.#leases = new GroupLeases(
      this.#claims,
      guests,
      this.#connections,
      kubernetes.idleMs,
      this.#records,
      this.#book,
      () => this.#reconciler.look(),
    );
    this.#presence = new ProcessPresence(
      this.#client,
      leasesPath,
      self,
      () => this.#leases.endAll('orphaned'),
      timing,
    );
    this.#reconciler = new PoolReconciler(
      this.#client,
      this.#podsPath,
      this.#book,
      this.#claims,
      this.#presence,
      template,
      {
        most: kubernetes.most,
        // Groups of the class that have a pod already need no other one.
        warm: async () => Math.max(kubernetes.warm, (await expectedGroups()) - this.#claimed()),
      },
      this.#records,
    );
  }

  state(): PoolState {
    if (this.#ending.signal.aborted) return { ready: false, reason: 'The server is being stopped.' };
    if (this.#watch.hasListed || this.#leases.size > 0) return { ready: true };
    return { ready: false, reason: `Nothing can be run yet. ${this.#watch.trouble ?? ''}` };
  }

  /** An agent answers the holder of its lease and nobody else; all are of one image, so one tells of all. */
  override async describe(): Promise<readonly DescribeResponse[]> {
    const lease = this.#leases.any();
    return lease === null ? [] : [await lease.agent.client.describe({}, { timeoutMs: DIAGNOSE_MS })];
  }

  override overview(): RunnerPoolOverview {
    const pods = this.#book.all();
    const count = (state: PodFacts['state']): number =>
      pods.filter((pod) => pod.state === state && !pod.ending).length;
    return {
      machines: machinesOf(pods),
      pools: [
        {
          name: POOL,
          warmTarget: this.#reconciler.warmTarget,
          most: this.#most,
          starting: count('new'),
          warm: count('warm'),
          claimed: count('claimed'),
          ending: pods.filter(({ ending }) => ending).length,
          pending: this.#claims.waiting,
          trouble: this.#reconciler.trouble?.word ?? null,
        },
      ],
      ...this.#records.view(),
    };
  }

  async *execute(
    group: GroupId,
    input: AsyncIterable<ExecuteInput>,
    signal: AbortSignal,
  ): AsyncGenerator<ExecuteResponse> {
    let seq = 0n;
    let lease = this.#leases.find(group);
    if (lease === null) {
      const places = new Places(() => this.#why());
      const claim = this.#wait(group, signal, (place) => places.add(place)).finally(() => places.end());
      // Looked at below, after the places.
      claim.catch(() => undefined);
      for await (const { place, why } of places) yield queued((seq += 1n), place, why);
      lease = await claim;
    }
    yield* this.#perform(lease, input, seq, signal);
  }

  async *#perform(
    lease: GroupLease,
    input: AsyncIterable<ExecuteInput>,
    before: bigint,
    signal: AbortSignal,
  ): AsyncGenerator<ExecuteResponse> {
    const done = lease.use();
    const stops = { asked: false };
    try {
      const events = lease.agent.client.execute(noticingStop(input, stops), { signal });
      for await (const message of events) {
        if (!stops.asked && isCancelled(message)) throw new AgentEnding();
        message.seq += before;
        yield message;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      throw await this.#lost(lease, error);
    } finally {
      done();
    }
  }

  async build(
    group: GroupId,
    start: StartInput,
    speculative: boolean,
    signal: AbortSignal,
  ): Promise<BuildResponse> {
    let lease = this.#leases.find(group);
    // A build that nobody asked for takes no pod that a run may want.
    if (lease === null && speculative && !this.#hasPlenty(group))
      return create(BuildResponseSchema, { outcome: BuildOutcome.DROPPED });
    lease ??= await this.#wait(group, signal, () => undefined);
    const done = lease.use();
    try {
      return await lease.agent.client.build({ start, speculative }, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      throw await this.#lost(lease, error);
    } finally {
      done();
    }
  }

  onApplicationBootstrap(): void {
    const { signal } = this.#ending;
    const beating = async (): Promise<void> => {
      while (!signal.aborted) {
        await this.#presence.beat();
        this.#reconciler.look();
        await pause(this.timing.renewMs, signal);
      }
    };
    this.#working = Promise.all([this.#watch.follow(signal), beating()]);
  }

  /** Gives every pod back. What cannot be ended now, another process ends when this one's heartbeat is missed. */
  async onApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    this.#leases.endAll(null);
    await this.#leases.left();
    await this.#working;
    await this.#reconciler.stop();
    try {
      await this.#reconciler.endOwn();
      await this.#presence.leave();
    } catch (error) {
      log.warn({ err: error }, 'runner pods of this process could not be given back');
    }
    this.#connections.close();
    this.#client.close();
  }

  #claimed(): number {
    return this.#book.all().filter(({ state }) => state === 'claimed').length;
  }

  #hasPlenty(group: GroupId): boolean {
    return this.#leases.isProvided(group) || this.#claims.warm > 1;
  }

  async #wait(group: GroupId, signal: AbortSignal, onPlace: (place: number) => void): Promise<GroupLease> {
    const deadline = AbortSignal.timeout(WAIT_MS);
    try {
      return await this.#leases.get(group, AbortSignal.any([signal, deadline, this.#ending.signal]), onPlace);
    } catch (error) {
      if (!deadline.aborted || signal.aborted) throw error;
      throw new RunnerLost(`No runner became free within five minutes. ${this.#why()}`);
    }
  }

  /** Why somebody waits, in a sentence. */
  #why(): string {
    if (this.#reconciler.isFull) return 'Every runner is in use; the next one to become free is yours.';
    const { trouble } = this.#reconciler;
    return trouble?.sentence ?? this.#watch.trouble ?? 'A runner is being started.';
  }

  async #lost(lease: GroupLease, error: unknown): Promise<unknown> {
    if (error instanceof ConnectError && error.code === Code.InvalidArgument) return error;
    if (error instanceof AgentEnding)
      return new RunnerLost((await lease.explain('deleted')).sentence, { cause: error });
    const failure = await lease.diagnose(() => lease.agent.client.describe({}, { timeoutMs: DIAGNOSE_MS }));
    return failure === null ? error : new RunnerLost(failure.sentence, { cause: error });
  }
}

/** An agent that is told to end cancels its runs, which nobody here asked for. */
class AgentEnding extends Error {}

const isCancelled = ({ event }: ExecuteResponse): boolean =>
  event.case === 'end' && event.value.verdict === Verdict.CANCELLED;

async function* noticingStop(
  input: AsyncIterable<ExecuteInput>,
  stops: { asked: boolean },
): AsyncGenerator<ExecuteInput> {
  for await (const one of input) {
    if (one.request?.case === 'cancel') stops.asked = true;
    yield one;
  }
}

function queued(seq: bigint, place: number, why: string): ExecuteResponse {
  const stage = { name: StageName.QUEUE, finished: false, queuePlace: place, detail: why };
  return create(ExecuteResponseSchema, { seq, event: { case: 'stage', value: stage } });
}

const agentOf = ({ ip, certificate }: PodFacts, identity: ApiIdentity): AgentConnection =>
  new AgentConnection({ host: ip, port: AGENT_PORT, certificate: certificate ?? Buffer.alloc(0) }, identity);

function machinesOf(pods: readonly PodFacts[]): RunnerPoolOverview['machines'] {
  const counts = new Map<string, number>();
  for (const { node } of pods) if (node !== '') counts.set(node, (counts.get(node) ?? 0) + 1);
  return [...counts]
    .map(([name, runners]) => ({ name, runners }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Of a quantity as the settings allow it. */
function bytes(quantity: string): number {
  return Number.parseInt(quantity, 10) * (quantity.endsWith('Gi') ? 1024 ** 3 : 1024 ** 2);
}
