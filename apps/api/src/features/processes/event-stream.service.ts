import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { hkdfSync } from 'node:crypto';
import { CONFIG, type Config } from '../../config/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { log } from '../../platform/logging/index.ts';
import { MAX_UNTOLD_MESSAGES, PROCESS_SILENT_MS, STREAM_TELL_EVERY_MS } from './process-limits.ts';
import { streamGaps, streamMessages } from './process-metrics.ts';
import { type RedisStream, openRedisStream } from './redis-stream.ts';

/** What one process tells in one entry of the stream: names and what is told. */
const entrySchema = z.array(z.tuple([z.string(), z.unknown()]));

type Listener = (payload: unknown, from: string) => void;

/** Names that the stream itself uses. */
const OWN = { alive: 'stream.alive', gone: 'stream.gone', gap: 'stream.gap' } as const;

/**
 * What happens in classes and runs, told to every process through a stream in Redis; with no Redis there is nobody to
 * tell. A process that was cut off reads on where it was; whether that was everything nobody can know, so listeners are
 * told of a gap and look in their logs.
 */
@Injectable()
export class EventStream implements OnApplicationShutdown {
  readonly isShared: boolean;
  readonly #self = newId<string>();
  readonly #listeners = new Map<string, Listener>();
  readonly #onGap = new Set<() => void>();
  readonly #onGone = new Set<(process: string) => void>();
  readonly #heardAt = new Map<string, number>();
  #stream: RedisStream | null = null;
  #untold: [string, unknown][] = [];
  #telling: Promise<void> | null = null;
  #missed = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.isShared = config.redis !== null;
  }

  /** Hears what other processes tell under this name. `payload` comes from another process: parse it. */
  hear(name: string, listener: Listener): void {
    this.#listeners.set(name, listener);
  }

  /** Called when something may have been missed. */
  onGap(listener: () => void): void {
    this.#onGap.add(listener);
  }

  /** Called when a process that was heard of is silent, or said that it ends. */
  onGone(listener: (process: string) => void): void {
    this.#onGone.add(listener);
  }

  /** Tells every other process. What is told in one turn goes together. */
  tell(name: string, payload: unknown): void {
    if (this.#stream === null) return;
    if (this.#untold.length >= MAX_UNTOLD_MESSAGES) {
      this.#missed = true;
      return;
    }
    this.#untold.push([name, payload]);
    this.#telling ??= this.#tellAll();
  }

  /** @throws when Redis cannot be reached: a process that nobody hears is not started */
  async start(): Promise<void> {
    const { redis } = this.config;
    if (redis === null) return;
    this.#stream = await openRedisStream(redis.url, keyOf(this.config), this.#self, {
      received: (from, json) => this.#received(from, json),
      interrupted: () => this.#gap(),
    });
    this.tell(OWN.alive, null);
    // What happened before, this process has not heard.
    this.#gap();
    this.#timer = setInterval(() => this.#tick(), STREAM_TELL_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.tell(OWN.gone, null);
    await this.#telling;
    const stream = this.#stream;
    this.#stream = null;
    await stream?.close();
  }

  #tick(): void {
    this.tell(OWN.alive, null);
    const now = performance.now();
    for (const [process, heardAt] of this.#heardAt)
      if (now - heardAt > PROCESS_SILENT_MS) this.#gone(process);
  }

  async #tellAll(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#untold.length > 0) {
      if (this.#missed) this.#untold.push([OWN.gap, null]);
      this.#missed = false;
      const told = this.#untold.splice(0);
      try {
        await this.#stream?.add(JSON.stringify(told));
        streamMessages.inc({ way: 'told' }, told.length);
      } catch (err) {
        log.warn({ err }, 'other processes are not told of what happens');
        // They are told that they missed something with the next that reaches them.
        this.#missed = true;
      }
    }
    this.#telling = null;
  }

  #received(from: string, json: string): void {
    if (!this.#heardAt.has(from)) log.info({ process: from }, 'another process is heard');
    this.#heardAt.set(from, performance.now());
    let entries: z.infer<typeof entrySchema>;
    try {
      entries = entrySchema.parse(JSON.parse(json));
    } catch (err) {
      log.error({ err }, 'what another process told is not understood');
      return;
    }
    streamMessages.inc({ way: 'heard' }, entries.length);
    for (const [name, payload] of entries) {
      if (name === OWN.gone) this.#gone(from);
      else if (name === OWN.gap) this.#gap();
      else this.#hear(name, payload, from);
    }
  }

  #hear(name: string, payload: unknown, from: string): void {
    try {
      this.#listeners.get(name)?.(payload, from);
    } catch (err) {
      // Of another version, perhaps: what is durable is found in the log.
      log.error({ err, name }, 'what another process told could not be taken');
      this.#gap();
    }
  }

  #gap(): void {
    streamGaps.inc();
    for (const listener of this.#onGap) listener();
  }

  #gone(process: string): void {
    if (!this.#heardAt.delete(process)) return;
    for (const listener of this.#onGone) listener(process);
  }
}

/** Several Lineages may share one Redis; each has a secret of its own. */
function keyOf({ identity }: Config): string {
  const name = Buffer.from(hkdfSync('sha256', identity.secret.reveal(), '', 'lineage event stream v1', 8));
  return `lineage:${name.toString('hex')}:events`;
}
