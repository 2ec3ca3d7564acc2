import { expect, it, vi } from 'vitest';
import type { AccountId, GroupId, RunId } from '@lineage/contracts';
import type { Config } from '../../config/index.ts';
import type { ApiProcesses } from '../processes/index.ts';
import type { ArtifactStore } from '../profiles/index.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import type { RunStore } from './run-store.ts';
import { RunEntity } from './run.entity.ts';
import type { RunnerPool } from './runner-pool.ts';

const GROUP = 'group' as GroupId;

/** A dispatcher with two slots, whose runs never end, and what it has the pool build. */
function open() {
  const builds = vi.fn<(program: string | undefined) => void>();
  const pool = {
    build(_group: GroupId, { runId }: { runId?: string }) {
      builds(runId);
      return Promise.resolve({});
    },
    // It says nothing and does not end.
    async *execute() {
      await new Promise(() => undefined);
    },
  };
  const store = { append: () => Promise.resolve() };
  const dispatcher = new RunDispatcher(
    store as unknown as RunStore,
    {} as ArtifactStore,
    pool as unknown as RunnerPool,
    { self: null } as ApiProcesses,
    { runner: { runSlots: 2 } } as Config,
  );
  return { dispatcher, builds };
}

const someRun = (id: string): RunEntity =>
  Object.assign(new RunEntity(), {
    id: id as RunId,
    groupId: GROUP,
    startedBy: id as AccountId,
    createdAt: new Date(),
  });

it('builds early what has its turn, and nothing of a batch that waits', () => {
  const { dispatcher, builds } = open();
  const first = dispatcher.buildEarly(GROUP, { runId: 'first' }, 'first', true);
  dispatcher.submit(someRun('first'), {}, first, { stdin: null, isBatch: true });
  // One slot is left, for a person.
  const second = dispatcher.buildEarly(GROUP, { runId: 'second' }, 'second', true);
  dispatcher.submit(someRun('second'), {}, second, { stdin: null, isBatch: true });
  dispatcher.buildEarly(GROUP, { runId: 'pressed' }, 'pressed', false);
  expect(builds.mock.calls.flat()).toEqual(['first', 'pressed']);
});
