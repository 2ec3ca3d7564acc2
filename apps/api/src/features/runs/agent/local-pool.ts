import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { GroupId } from '@lineage/contracts';
import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import {
  type BuildResponse,
  type DescribeResponse,
  type ExecuteResponse,
  proofInterceptor,
  RunnerService,
} from '@lineage/runner-protocol';
import { CONFIG, type Config } from '../../../config/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { agentWire } from '../agent-wire.ts';
import {
  type ExecuteInput,
  type PoolState,
  RunnerLost,
  RunnerPool,
  type RunLimits,
  type StartInput,
} from '../runner-pool.ts';
import { type AgentProcess, startAgent } from './agent-process.ts';
import { WaitingCall } from './waiting-call.ts';

/** A dead agent is started again at once, and then ever more slowly while it does not stay. */
const FIRST_PAUSE_MS = 100;
/** An agent that takes longer to say what it is has other troubles. */
const DESCRIBE_MS = 2_000;
const LONGEST_PAUSE_MS = 15_000;
/** An agent that lived this long was well; the next pause is short again. */
const WELL_AFTER_MS = 30_000;

/** The next call is opened when whoever waits for the last one has probably seen its first line. */
const REOPEN_MS = 100;
/** The end of a process is seen within milliseconds of its socket's. */
const DEATH_WAIT_MS = 1_000;

/** One agent as a child of this process, on a unix socket. */
@Injectable()
export class LocalPool extends RunnerPool implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly limits: RunLimits;
  #agent: AgentProcess | null = null;
  #client: Client<typeof RunnerService> | null = null;
  #waiting: WaitingCall | null = null;
  #reopening: NodeJS.Timeout | null = null;
  #reason = 'The runner is being started. Try again in a few seconds.';
  #stopping = false;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | null = null;
  #starting: Promise<void> = Promise.resolve();

  constructor(@Inject(CONFIG) private readonly config: Config) {
    super();
    const { runMs } = config.runner;
    this.limits = { wallMs: runMs, cpuMs: runMs };
  }

  state(): PoolState {
    return this.#client === null ? { ready: false, reason: this.#reason } : { ready: true };
  }

  override async describe(): Promise<readonly DescribeResponse[]> {
    return this.#client === null ? [] : [await this.#client.describe({}, { timeoutMs: DESCRIBE_MS })];
  }

  async *execute(
    _group: GroupId,
    input: AsyncIterable<ExecuteInput>,
    signal: AbortSignal,
  ): AsyncGenerator<ExecuteResponse> {
    const client = this.#client;
    const agent = this.#agent;
    if (client === null || agent === null) throw new RunnerLost(this.#reason);
    try {
      yield* this.#callOf(client).begin(input, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      // The call breaks a moment before the process is seen to have ended.
      await Promise.race([agent.ended, sleep(DEATH_WAIT_MS, undefined, { ref: false })]);
      throw client === this.#client ? error : new RunnerLost(this.#reason, { cause: error });
    }
  }

  /** The call that waits, or a new one where many begin at once. */
  #callOf(client: Client<typeof RunnerService>): WaitingCall {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#reopening ??= setTimeout(() => {
      this.#reopening = null;
      this.#openCall();
    }, REOPEN_MS).unref();
    return waiting?.isOpen === true ? waiting : new WaitingCall(client);
  }

  #openCall(): void {
    if (this.#client !== null && this.#waiting?.isOpen !== true)
      this.#waiting = new WaitingCall(this.#client);
  }

  #closeCall(): void {
    this.#waiting?.close();
    this.#waiting = null;
  }

  async build(
    _group: GroupId,
    start: StartInput,
    speculative: boolean,
    signal: AbortSignal,
  ): Promise<BuildResponse> {
    if (this.#client === null) throw new RunnerLost(this.#reason);
    return this.#client.build({ start, speculative }, { signal });
  }

  /** Runs need the agent, everything else does not: the application starts either way. */
  async onApplicationBootstrap(): Promise<void> {
    this.#starting = this.#start();
    await this.#starting;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#starting;
    this.#client = null;
    this.#closeCall();
    await this.#agent?.stop();
  }

  async #start(): Promise<void> {
    const { binary, minLevel, runSlots, cacheHome, workHome } = this.config.runner;
    const startedAt = Date.now();
    try {
      const agent = await startAgent({ binary, minLevel, runSlots, cacheHome, workHome });
      this.#agent = agent;
      this.#client = connect(agent);
      this.#openCall();
      log.info({ level: agent.level, lacks: agent.lacks }, 'runner ready');
      void agent.ended.then((why) => this.#died(why, startedAt));
    } catch (error) {
      this.#died(error instanceof Error ? error.message : String(error), startedAt);
    }
  }

  #died(why: string, startedAt: number): void {
    this.#agent = null;
    this.#client = null;
    this.#closeCall();
    if (this.#stopping) return;
    this.#reason = `The runner is not there, so nothing can be run. ${why}`;
    log.error({ why }, 'runner agent ended');
    if (Date.now() - startedAt > WELL_AFTER_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#timer = setTimeout(() => {
      this.#starting = this.#start();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function connect({ socket, secret }: AgentProcess): Client<typeof RunnerService> {
  const transport = createConnectTransport({
    // Only the path of the address is used; the connection goes to the socket.
    baseUrl: 'http://agent',
    ...agentWire,
    interceptors: [proofInterceptor(secret)],
    nodeOptions: { createConnection: () => net.connect(socket) },
  });
  return createClient(RunnerService, transport);
}
