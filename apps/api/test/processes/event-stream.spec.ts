import { createClient } from 'redis';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { EventStream } from '../../src/features/processes/event-stream.service.ts';
import { setLogLevel } from '../../src/platform/logging/index.ts';
import { startRedis } from './redis-server.ts';

it('tells the others that it ends, after all that it had to tell', async () => {
  setLogLevel('fatal');
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const stream = new EventStream(
    loadConfig(
      {
        LINEAGE_DATA_DIR: '/nowhere',
        DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
        LINEAGE_SECRET: 'a secret of the tests that is long enough',
        LINEAGE_PEER_ADDRESS: '127.0.0.1:4601',
        REDIS_URL: redis.url,
      },
      '/nowhere',
    ),
  );
  await stream.start();
  stream.tell('said last', 1);
  await stream.onApplicationShutdown();
  // What nobody can be told any more is no trouble.
  stream.tell('said too late', 2);

  const client = createClient({ url: redis.url });
  await client.connect();
  onTestFinished(() => client.destroy());
  const [key = ''] = await client.keys('*');
  const told = ((await client.xRange(key, '-', '+')) ?? []).flatMap(
    (entry) => JSON.parse(entry?.message['json'] ?? '[]') as [string, unknown][],
  );
  expect(told.map(([name]) => name)).toEqual(['stream.alive', 'said last', 'stream.gone']);
});
