import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { hotFunctionSchema, type Run } from '@lineage/contracts';
import { log } from '../../platform/logging/index.ts';
import { MOST_PROFILE_BYTES } from './profile-limits.ts';

/** A profile of a class takes milliseconds; what takes longer was made to. */
const DEADLINE_MS = 5_000;
/**
 * A thread takes no more than 256 MiB: this heap, the 16 MiB that Node adds for it to end in, and the columns of a profile,
 * which are no part of a heap and which the size of the file bounds. Files made to be dear in both took 200 MiB.
 */
const HEAP = { maxOldGenerationSizeMb: 80, maxYoungGenerationSizeMb: 16 };
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

  async #ask(bytes: Uint8Array): Promise<Run['hot']> {
    if (bytes.length > MOST_PROFILE_BYTES) {
      log.warn({ problem: `The profile has ${bytes.length} bytes.` }, 'profile could not be summarised');
      return null;
    }
    const worker = (this.#worker ??= new Worker(workerFile, { resourceLimits: HEAP }));
    worker.unref();
    return new Promise((resolve) => {
      const done = (hot: Run['hot'], problem: string | null): void => {
        if (problem !== null) log.warn({ problem }, 'profile could not be summarised');
        resolve(hot);
      };
      const hearNoMore = (): void => {
        clearTimeout(timer);
        // By name: Node hangs listeners of its own on a worker, and without them it reads no second answer.
        for (const event of ['error', 'exit', 'message']) worker.removeAllListeners(event);
        // An error that nobody hears would end the process: one that is given up may still run out of memory.
        worker.on('error', () => undefined);
      };
      const giveUp = (problem: string): void => {
        hearNoMore();
        if (this.#worker === worker) this.#worker = null;
        // The next one begins when this one has given its memory back.
        void worker.terminate().then(() => done(null, problem));
      };
      const timer = setTimeout(() => giveUp('it took too long'), DEADLINE_MS);
      worker.once('error', (error) => giveUp(error instanceof Error ? error.message : String(error)));
      worker.once('exit', () => giveUp('its worker ended'));
      worker.once('message', (answer: { hot?: unknown; problem?: string }) => {
        hearNoMore();
        const hot = hotFunctionSchema.safeParse(answer.hot);
        if (!hot.success) return done(null, answer.problem ?? null);
        done({ ...hot.data, name: hot.data.name.slice(0, NAME_CHARS).replaceAll('\0', '') }, null);
      });
      worker.postMessage(bytes);
    });
  }
}
