import { expect, it, onTestFinished, vi } from 'vitest';
import type { GroupId, WorkspaceId } from '@lineage/contracts';
import { BuildOutcome } from '@lineage/runner-protocol';
import type { Config } from '../../config/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import type { Rooms } from '../rooms/index.ts';
import type { RunnerPool } from './runner-pool.ts';
import { SpeculativeBuilds } from './speculative-builds.service.ts';

it('asks ever more seldom for a build that is never made, and at once when somebody types', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const build = vi.fn(() => Promise.resolve({ outcome: BuildOutcome.DROPPED }));
  const rooms = { snapshot: () => Promise.resolve({ files: [{ path: 'main.go', content: '' }] }) };
  const events = new DomainEvents();
  const builds = new SpeculativeBuilds(
    events,
    rooms as unknown as Rooms,
    { state: () => ({ ready: true }), build } as unknown as RunnerPool,
    { runner: { speculative: true } } as Config,
  );
  builds.onModuleInit();
  onTestFinished(() => builds.onModuleDestroy());
  const type = (): void =>
    events.publish('workspace.changed', { workspaceId: 'w' as WorkspaceId, groupId: 'g' as GroupId });
  type();
  await vi.advanceTimersByTimeAsync(3_600_000);
  const anHour = build.mock.calls.length;
  expect(anHour).toBeGreaterThan(30);
  expect(anHour).toBeLessThan(70);
  type();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(build.mock.calls.length - anHour).toBe(3);
});
