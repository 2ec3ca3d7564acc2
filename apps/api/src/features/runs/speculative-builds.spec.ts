import { expect, it, onTestFinished, vi } from 'vitest';
import type { GroupId, WorkspaceId } from '@lineage/contracts';
import { create } from '@bufbuild/protobuf';
import { BuildOutcome, type BuildResponse, DiagnosticSchema, RunKind } from '@lineage/runner-protocol';
import type { Config } from '../../config/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import type { Rooms } from '../rooms/index.ts';
import type { RunnerPool, StartInput } from './runner-pool.ts';
import { SpeculativeBuilds } from './speculative-builds.service.ts';

/** Builds of one workspace in which somebody types, by a pool that answers as it is told, in a time that is made up. */
function open(answer: (start: StartInput) => Partial<BuildResponse>) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const build = vi.fn((_: GroupId, start: StartInput) =>
    Promise.resolve({ diagnostics: [], ...answer(start) }),
  );
  const files = [{ path: 'main.go', content: 'package main\n' }];
  const rooms = { snapshot: () => Promise.resolve({ files, hash: 'hash' }) };
  const events = new DomainEvents();
  const told: string[][] = [];
  events.on('workspace.checked', ({ diagnostics }) => {
    told.push(diagnostics.map(({ message }) => message));
  });
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
  return { type, build, told };
}

it('asks ever more seldom for a build that is never made, and at once when somebody types', async () => {
  const { type, build } = open(() => ({ outcome: BuildOutcome.DROPPED }));
  type();
  await vi.advanceTimersByTimeAsync(3_600_000);
  const anHour = build.mock.calls.length;
  expect(anHour).toBeGreaterThan(30);
  expect(anHour).toBeLessThan(70);
  type();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(build.mock.calls.length - anHour).toBe(3);
});

it('leaves what vet found until vet has looked again', async () => {
  const found = create(DiagnosticSchema, { path: 'main.go', line: 6, message: 'wrong verb', source: 'vet' });
  const refused = { outcome: BuildOutcome.REFUSED, diagnostics: [found] };
  const dropped = { outcome: BuildOutcome.DROPPED };
  const vets = [refused, dropped, { outcome: BuildOutcome.BUILT }];
  const { type, told } = open(({ kind }) =>
    kind === RunKind.VET ? (vets.shift() ?? dropped) : { outcome: BuildOutcome.BUILT },
  );
  type();
  await vi.advanceTimersByTimeAsync(500);
  expect(told).toEqual([[], ['wrong verb']]);
  type();
  await vi.advanceTimersByTimeAsync(500);
  expect(told).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told).toEqual([[], ['wrong verb'], []]);
});
