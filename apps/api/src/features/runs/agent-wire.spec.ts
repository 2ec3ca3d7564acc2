import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createClient } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node';
import { RunnerService } from '@lineage/runner-protocol';
import { expect, it, onTestFinished } from 'vitest';
import { agentWire } from './agent-wire.ts';

type Heard = { readonly bytes: number; readonly asked: Headers };

/** What an agent tells whose one event has so many bytes of output, and what it was asked with. */
async function heardOf(bytes: number): Promise<Heard> {
  let asked = new Headers();
  const server = http2.createServer(
    connectNodeAdapter({
      routes: (router) =>
        router.service(RunnerService, {
          async *execute(_, { requestHeader }) {
            asked = requestHeader;
            yield await Promise.resolve({
              seq: 1n,
              event: { case: 'output', value: { data: new Uint8Array(bytes) } },
            } as const);
          },
        }),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const transport = createConnectTransport({ baseUrl: `http://127.0.0.1:${port}`, ...agentWire });
  let heard = 0;
  async function* nothing() {}
  for await (const { event } of createClient(RunnerService, transport).execute(nothing()))
    if (event.case === 'output') heard += event.value.data.length;
  return { bytes: heard, asked };
}

it('takes messages as large as an agent tells, and none that would fill the memory', async () => {
  const few = 4 * 1024 * 1024;
  expect((await heardOf(few)).bytes).toBe(few);
  await expect(heardOf(17 * 1024 * 1024)).rejects.toThrow('resource_exhausted');
});

it('asks for nothing compressed', async () => {
  const { asked } = await heardOf(1);
  expect([...asked.keys()].filter((name) => name.endsWith('encoding'))).toEqual([]);
});
