import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { hotFunctionSchema, type Run } from '@lineage/contracts';
import { log } from '../../platform/logging/index.ts';

/** A profile of a class takes milliseconds; what takes longer was made to. */
const DEADLINE_MS = 5_000;
const WORKER_MEMORY_MIB = 512;
const NAME_CHARS = 512;

/** Beside this module: as source in tests, as a bundle in the product. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? 'profile-worker.ts' : 'profile-worker.js',
  import.meta.url,
);

/** Finds a profile's dearest function, in a worker that a hostile file can kill but not hold up. */
@Injectable()
export class ProfileSummary implements OnApplicationShutdown {
  #worker: Worker | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** Null when the bytes are no profile, or one that cannot be read within the limits. */
  hotOf(bytes: Uint8Array): Promise<Run['hot']> {
    const mine = this.#turn.then(() => this.#ask(bytes));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** After the last run was brought to its end: it may still give a profile. */
  async onApplicationShutdown(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(bytes: Uint8Array): Promise<Run['hot']> {
    const worker = (this.#worker ??= new Worker(workerFile, {
      resourceLimits: { maxOldGenerationSizeMb: WORKER_MEMORY_MIB },
    }));
    worker.unref();
    return new Promise((resolve) => {
      const done = (hot: Run['hot'], problem: string | null): void => {
        clearTimeout(timer);
        // By name: Node hangs listeners of its own on a worker, and without them it reads no second answer.
        for (const event of ['error', 'exit', 'message']) worker.removeAllListeners(event);
        if (problem !== null) log.warn({ problem }, 'profile could not be summarised');
        resolve(hot);
      };
      const giveUp = (problem: string): void => {
        if (this.#worker === worker) this.#worker = null;
        void worker.terminate();
        done(null, problem);
      };
      const timer = setTimeout(() => giveUp('it took too long'), DEADLINE_MS);
      worker.once('error', (error) => giveUp(error instanceof Error ? error.message : String(error)));
      worker.once('exit', () => giveUp('its worker ended'));
      worker.once('message', (answer: { hot?: unknown; problem?: string }) => {
        const hot = hotFunctionSchema.safeParse(answer.hot);
        if (!hot.success) return done(null, answer.problem ?? null);
        done({ ...hot.data, name: hot.data.name.slice(0, NAME_CHARS).replaceAll('\0', '') }, null);
      });
      worker.postMessage(bytes);
    });
  }
}
