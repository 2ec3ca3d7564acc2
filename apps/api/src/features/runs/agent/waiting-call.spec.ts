import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { type ExecuteRequest, RunnerService, type ExecuteResponse } from '@lineage/runner-protocol';
import { expect, it, vi } from 'vitest';
import type { ExecuteInput } from '../runner-pool.ts';
import { WaitingCall } from './waiting-call.ts';

type Answers = (
  requests: AsyncIterable<ExecuteRequest>,
  over: AbortSignal,
) => AsyncGenerator<{ seq: bigint; event: { case: 'end' | 'output'; value: object } }>;

/** A call to an agent that answers so. */
function callTo(answers: Answers): WaitingCall {
  const transport = createRouterTransport((router) =>
    router.rpc(RunnerService.method.execute, (requests, { signal }) => answers(requests, signal)),
  );
  return new WaitingCall(createClient(RunnerService, transport));
}
const printed = { seq: 1n, event: { case: 'output', value: {} } } as const;
const ended = { seq: 2n, event: { case: 'end', value: {} } } as const;
const start: ExecuteInput = { request: { case: 'start', value: { runId: 'r' } } };
async function* only(input: ExecuteInput): AsyncGenerator<ExecuteInput> {
  yield await Promise.resolve(input);
}
const never = new AbortController().signal;

async function heard(answers: AsyncIterable<ExecuteResponse>): Promise<unknown[]> {
  const cases = [];
  for await (const { event } of answers) cases.push(event.case);
  return cases;
}

it('opens before there is a start, and runs it when it comes', async () => {
  const asked: unknown[] = [];
  let opened = 0;
  const call = callTo(async function* (requests) {
    opened += 1;
    for await (const { request } of requests) {
      asked.push(request.case);
      yield printed;
      yield ended;
    }
  });
  await vi.waitFor(() => expect(opened).toBe(1));
  expect(asked).toEqual([]);
  expect(call.isOpen).toBe(true);
  expect(await heard(call.begin(only(start), never))).toEqual(['output', 'end']);
  expect(asked).toEqual(['start']);
});

it('says that it is not open any more when the agent ended it', async () => {
  const call = callTo(() => {
    throw new ConnectError('the agent stops', Code.Unavailable);
  });
  await vi.waitFor(() => expect(call.isOpen).toBe(false));
  await expect(heard(call.begin(only(start), never))).rejects.toThrow('the agent stops');
});

it.each(['before it begins', 'while it runs', 'as nobody listens'])(
  'ends the run when it is given up %s',
  async (when) => {
    const [opened, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const call = callTo(async function* (requests, signal) {
      opened.resolve();
      signal.addEventListener('abort', () => over.resolve());
      for await (const _ of requests) yield printed;
      await over.promise;
    });
    await opened.promise;
    const giveUp = new AbortController();
    if (when === 'before it begins') giveUp.abort();
    const answers = call.begin(only(start), giveUp.signal);
    const listening = (async () => {
      for await (const _ of answers) {
        if (when === 'while it runs') giveUp.abort();
        else if (when === 'as nobody listens') return;
      }
    })();
    if (when === 'as nobody listens') await listening;
    else await expect(listening).rejects.toThrow(/abort/);
    await over.promise;
  },
);
