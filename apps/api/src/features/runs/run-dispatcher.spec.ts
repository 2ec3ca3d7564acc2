import { expect, it, vi } from 'vitest';
import type { AccountId, GroupId, RunId } from '@lineage/contracts';
import type { Config } from '../../config/index.ts';
import type { ApiProcesses } from '../processes/index.ts';
import type { ArtifactStore } from '../profiles/index.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import type { RunStore } from './run-store.ts';
import { RunEntity } from './run.entity.ts';
import type { RunnerPool, StartInput } from './runner-pool.ts';

const GROUP = 'group' as GroupId;

/**
 * A dispatcher with two slots, whose runs say this and end when they are given up, and what it began, gave up and told.
 */
function open(says: readonly object[] = []) {
  const save = vi.fn(() => Promise.resolve(null));
  const [begun, givenUp, told] = [new Array<string>(), new Array<string>(), new Array<string>()];
  const pool = {
    async *execute(
      _: GroupId,
      input: AsyncIterable<{ request: { value: StartInput } }>,
      signal: AbortSignal,
    ) {
      for await (const { request } of input) {
        begun.push(request.value.runId ?? '');
        const { promise, reject } = Promise.withResolvers<never>();
        // One that is given up before all was said waits for nothing.
        promise.catch(() => undefined);
        signal.addEventListener('abort', () => {
          givenUp.push(request.value.runId ?? '');
          reject(new Error('given up'));
        });
        yield* says;
        yield await promise;
      }
    },
    state: () => ({ ready: true }),
  };
  const store = {
    append: (id: RunId) => Promise.resolve(told.push(id)),
    find: () => Promise.resolve(null),
  };
  const dispatcher = new RunDispatcher(
    store as unknown as RunStore,
    { save } as unknown as ArtifactStore,
    pool as unknown as RunnerPool,
    { self: null } as ApiProcesses,
    { runner: { runSlots: 2 } } as Config,
  );
  const submit = (id: string, stored: Promise<{ isNew: boolean }>, isBatch = false): void =>
    dispatcher.submit(someRun(id), { runId: id }, { stdin: null, isBatch, stored });
  return { dispatcher, submit, begun, givenUp, told, save };
}

const someRun = (id: string): RunEntity =>
  Object.assign(new RunEntity(), {
    id: id as RunId,
    groupId: GROUP,
    startedBy: id as AccountId,
    createdAt: new Date(),
  });

const stored = Promise.resolve({ isNew: true });
const notYet = new Promise<never>(() => undefined);

it('begins what has its turn while it is stored, and nothing of a batch that waits', async () => {
  const { submit, begun } = open();
  submit('first', notYet, true);
  // One slot is left, for a person.
  submit('second', notYet, true);
  submit('pressed', notYet);
  await vi.waitFor(() => expect(begun).toEqual(['first', 'pressed']));
});

it('gives up what was not stored, begun or not, and tells nobody of it', async () => {
  const { dispatcher, submit, begun, givenUp, told } = open();
  const again = Promise.withResolvers<{ isNew: boolean }>();
  const broken = Promise.withResolvers<{ isNew: boolean }>();
  submit('again', again.promise);
  submit('broken', broken.promise);
  submit('waits', Promise.reject(new Error('no database')));
  await vi.waitFor(() => expect(dispatcher.open().map(({ run }) => run.id)).toEqual(['again', 'broken']));
  again.resolve({ isNew: false });
  broken.reject(new Error('no database'));
  await vi.waitFor(() => expect(givenUp).toEqual(['again', 'broken']));
  await vi.waitFor(() => expect(dispatcher.open()).toEqual([]));
  submit('next', stored);
  await vi.waitFor(() => expect(begun).toEqual(['again', 'broken', 'next']));
  expect(told).toEqual([]);
});

it('says the place of who waits once there is such a run', async () => {
  const { submit, told } = open();
  const late = Promise.withResolvers<{ isNew: boolean }>();
  submit('one', stored);
  submit('two', stored);
  submit('known', stored);
  submit('unknown', late.promise);
  await vi.waitFor(() => expect(told).toEqual(['known']));
  late.resolve({ isNew: true });
  await vi.waitFor(() => expect(told).toEqual(['known', 'unknown']));
});

it('keeps back what a run gave until there is such a run', async () => {
  const gives = [
    { case: 'artifactBegin', value: { name: 'cpu.pprof', kind: 'profile' } },
    { case: 'artifactChunk', value: { name: 'cpu.pprof', data: Uint8Array.of(1) } },
    { case: 'artifactEnd', value: { name: 'cpu.pprof', truncated: false } },
  ].map((event, at) => ({ seq: BigInt(at + 1), atUs: 0n, event }));
  const { dispatcher, submit, begun, save } = open(gives);
  const [kept, lost] = [Promise.withResolvers<{ isNew: boolean }>(), Promise.withResolvers<never>()];
  submit('kept', kept.promise);
  submit('lost', lost.promise);
  await vi.waitFor(() => expect(begun).toEqual(['kept', 'lost']));
  expect(save).not.toHaveBeenCalled();
  lost.reject(new Error('no database'));
  await vi.waitFor(() => expect(dispatcher.open()).toHaveLength(1));
  kept.resolve({ isNew: true });
  await vi.waitFor(() => expect(save).toHaveBeenCalledOnce());
  expect(save).toHaveBeenCalledWith(expect.objectContaining({ runId: 'kept' }), expect.anything());
});
