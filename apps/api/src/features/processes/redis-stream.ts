import { setTimeout as sleep } from 'node:timers/promises';
import type { Secret } from '../../config/index.ts';
import { log } from '../../platform/logging/index.ts';
import { STREAM_AGAIN_MS, STREAM_BLOCK_MS, STREAM_ENTRIES, STREAM_READ_COUNT } from './process-limits.ts';

export type StreamEnds = {
  /** An entry of another process, in order. */
  readonly received: (from: string, json: string) => void;
  /** Reading was interrupted and goes on; entries may have been lost meanwhile. */
  readonly interrupted: () => void;
};

export type RedisStream = {
  /** Rejects while Redis is away. */
  add(json: string): Promise<void>;
  close(): Promise<void>;
};

/** One bounded stream in Redis that every process adds to and reads. @throws when Redis cannot be reached now */
export async function openRedisStream(
  url: Secret,
  key: string,
  self: string,
  ends: StreamEnds,
): Promise<RedisStream> {
  // Loaded only where there is a Redis.
  const { createClient } = await import('redis');
  const open = async () => {
    const client = createClient({
      url: url.reveal(),
      // What cannot be told now is too late later; the log has it.
      disableOfflineQueue: true,
      socket: { connectTimeout: 2_000, reconnectStrategy: STREAM_AGAIN_MS },
    });
    client.on('error', (err: unknown) => log.warn({ err }, 'Redis connection failed'));
    await client.connect();
    return client;
  };
  // The first connection is not tried for ever: a wrong address is told at the start.
  const [writer, reader] = await withDeadline(Promise.all([open(), open()]));
  const reading = new AbortController();
  const newest = await reader.xRevRange(key, '+', '-', { COUNT: 1 });
  let last = newest?.[0]?.id ?? '0-0';

  async function read(): Promise<void> {
    let interrupted = false;
    while (!reading.signal.aborted) {
      try {
        const answer = await reader.xRead(
          { key, id: last },
          { BLOCK: STREAM_BLOCK_MS, COUNT: STREAM_READ_COUNT },
        );
        if (interrupted) ends.interrupted();
        interrupted = false;
        for (const { id, message } of messagesOf(answer)) {
          last = id;
          const { from, json } = message;
          if (from !== undefined && json !== undefined && from !== self) ends.received(from, json);
        }
      } catch (err) {
        if (reading.signal.aborted) return;
        if (!interrupted) log.warn({ err }, 'what other processes tell is not heard for a moment');
        interrupted = true;
        await sleep(STREAM_AGAIN_MS);
      }
    }
  }
  const done = read();
  return {
    async add(json) {
      await writer.xAdd(
        key,
        '*',
        { from: self, json },
        { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: STREAM_ENTRIES } },
      );
    },
    async close() {
      reading.abort();
      reader.destroy();
      writer.destroy();
      await done;
    },
  };
}

type Entry = { readonly id: string; readonly message: Readonly<Record<string, string | undefined>> };

function messagesOf(answer: unknown): Entry[] {
  const streams = (answer ?? []) as { readonly messages: readonly Entry[] }[];
  return streams.flatMap(({ messages }) => messages);
}

async function withDeadline<T>(opening: Promise<T>): Promise<T> {
  const late = sleep(5_000, undefined, { ref: false }).then(() => {
    throw new Error('REDIS_URL: nothing answers there');
  });
  return Promise.race([opening, late]);
}
