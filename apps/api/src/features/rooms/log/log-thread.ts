import { Worker } from 'node:worker_threads';
import { DomainError } from '../../../platform/errors/index.ts';
import { log } from '../../../platform/logging/index.ts';
import { MAX_WAITING, WORKER_DEADLINE_MS, WORKER_MEMORY_MIB } from './log-limits.ts';
import type { LogAnswer, LogAsk, LogQuestion, LogReply, LogRequest } from './log-requests.ts';

/** Beside this module: as source in tests, as a bundle in the product. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? 'log-worker.ts' : 'log-worker.js',
  import.meta.url,
);

type Waiting = { readonly settle: (reply: LogReply | null) => void };

/** One worker with what it was asked; begun with the first question, and again after it failed. */
export class LogThread {
  readonly #url: string;
  #worker: Worker | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();
  #deadline: NodeJS.Timeout | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws DomainError too_many_requests, too_large, unavailable */
  async ask<Q extends LogQuestion>(question: Q, ask: LogAsk<Q>): Promise<LogAnswer<Q>> {
    if (this.#waiting.size >= MAX_WAITING)
      throw new DomainError(
        'too_many_requests',
        'Many people look at what was written before at this moment. Try again in a few seconds.',
      );
    const id = this.#nextId++;
    const reply = await new Promise<LogReply | null>((settle) => {
      this.#waiting.set(id, { settle });
      this.#start().postMessage({ id, question, ask } as LogRequest);
      this.#deadline ??= this.#timer();
    });
    if (reply?.ok === true) return reply.answer as LogAnswer<Q>;
    if (reply?.tooLarge === true)
      throw new DomainError('too_large', 'All versions together are too large to be packed at once.');
    log.error({ question, problem: reply?.problem ?? 'the worker ended' }, 'a log could not be read');
    throw new DomainError('unavailable', 'The history cannot be read at this moment. Try again in a minute.');
  }

  async end(): Promise<void> {
    await this.#stop();
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(workerFile, {
      workerData: { url: this.#url },
      resourceLimits: { maxOldGenerationSizeMb: WORKER_MEMORY_MIB },
    });
    worker.unref();
    worker.on('message', (reply: LogReply) => this.#replied(reply));
    worker.on('error', (err) => this.#failed(worker, err));
    worker.on('exit', () => this.#failed(worker, null));
    this.#worker = worker;
    return worker;
  }

  #replied(reply: LogReply): void {
    this.#restartTimer();
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#clearTimer();
    waiting?.settle(reply);
  }

  #failed(worker: Worker, err: unknown): void {
    if (this.#worker !== worker) return;
    if (err !== null) log.error({ err }, 'the worker that reads logs failed');
    void this.#stop();
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#clearTimer();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { settle } of waiting) settle(null);
    await worker?.terminate();
  }

  /** For the question under way: each answer begins the time of the next. */
  #timer(): NodeJS.Timeout {
    return setTimeout(() => {
      log.error({ waiting: this.#waiting.size }, 'a log took too long to read');
      void this.#stop();
    }, WORKER_DEADLINE_MS).unref();
  }

  #restartTimer(): void {
    this.#clearTimer();
    this.#deadline = this.#timer();
  }

  #clearTimer(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
  }
}
