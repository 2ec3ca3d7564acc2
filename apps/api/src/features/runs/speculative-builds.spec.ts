import { expect, it, onTestFinished, vi } from 'vitest';
import type { GroupId, WorkspaceId } from '@lineage/contracts';
import { create } from '@bufbuild/protobuf';
import { BuildOutcome, type BuildResponse, DiagnosticSchema, RunKind } from '@lineage/runner-protocol';
import type { Config } from '../../config/index.ts';
import { DomainEvents } from '../../platform/events/index.ts';
import type { Rooms } from '../rooms/index.ts';
import { countsOf, speculativeRuns } from './run-metrics.ts';
import type { RunnerPool, StartInput } from './runner-pool.ts';
import { SpeculativeBuilds } from './speculative-builds.service.ts';

type Answer = Partial<BuildResponse>;

/** Builds of workspaces in which somebody types, by a pool that answers as it is told, in a time that is made up. */
function open(answer: (start: StartInput) => Answer | Promise<Answer>, speculative = true) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const build = vi.fn(async (_: GroupId, start: StartInput) => ({
    diagnostics: [],
    ...(await answer(start)),
  }));
  const snapshot = vi.fn((id: WorkspaceId) =>
    Promise.resolve({ files: [{ path: `${id}.go`, content: 'package main\n' }], hash: `hash of ${id}` }),
  );
  const events = new DomainEvents();
  const told: string[][] = [];
  events.on('workspace.checked', ({ diagnostics }) => {
    told.push(diagnostics.map(({ message }) => message));
  });
  const builds = new SpeculativeBuilds(
    events,
    { snapshot } as unknown as Rooms,
    { state: () => ({ ready: true }), build } as unknown as RunnerPool,
    { runner: { speculative } } as Config,
  );
  builds.onModuleInit();
  onTestFinished(() => builds.onModuleDestroy());
  const type = (workspaceId = 'w', groupId = 'g'): void =>
    events.publish('workspace.changed', {
      workspaceId: workspaceId as WorkspaceId,
      groupId: groupId as GroupId,
    });
  return { type, build, snapshot, told, builds, events };
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

it('builds for groups in turn, however many workspaces of one are typed in', async () => {
  const built: string[] = [];
  const ready: (() => void)[] = [];
  const { type } = open(async ({ kind, files }) => {
    if (kind === RunKind.VET) return { outcome: BuildOutcome.BUILT };
    built.push(files?.[0]?.path ?? '');
    await new Promise<void>((resolve) => ready.push(resolve));
    return { outcome: BuildOutcome.BUILT };
  });
  for (const workspace of ['a1', 'a2', 'a3']) type(workspace, 'a');
  await vi.advanceTimersByTimeAsync(500);
  // The first of them is being built when the other group comes, behind two that wait.
  for (const workspace of ['b1', 'b2', 'b3']) type(workspace, 'b');
  await vi.advanceTimersByTimeAsync(500);
  // To type on is not to come again: the place in the queue stays.
  type('a2', 'a');
  await vi.advanceTimersByTimeAsync(500);
  for (let at = 0; at < 6; at += 1) {
    ready[at]?.();
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(built).toEqual(['a1.go', 'a2.go', 'b1.go', 'a3.go', 'b2.go', 'b3.go']);
});

it('lets no group wait for one whose text is never built', async () => {
  const built: string[] = [];
  const { type } = open(({ kind, files }) => {
    if (kind === RunKind.VET) return { outcome: BuildOutcome.BUILT };
    const path = files?.[0]?.path ?? '';
    built.push(path);
    return { outcome: path === 'a1.go' ? BuildOutcome.DROPPED : BuildOutcome.BUILT };
  });
  type('a1', 'a');
  type('b1', 'b');
  await vi.advanceTimersByTimeAsync(500);
  expect(built).toEqual(['a1.go', 'b1.go']);
  // Asked for again, behind nobody and before nobody.
  await vi.advanceTimersByTimeAsync(1_000);
  expect(built).toEqual(['a1.go', 'b1.go', 'a1.go']);
});

it('reads no text, builds nothing and counts nothing when it is turned off', async () => {
  const { type, build, snapshot, told, builds, events } = open(
    () => ({ outcome: BuildOutcome.BUILT }),
    false,
  );
  const id = 'w' as WorkspaceId;
  type();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect([build.mock.calls, snapshot.mock.calls, told]).toEqual([[], [], []]);
  // Neither is what another process says of the text, which may not be turned off yet.
  events.receive('workspace.checked', { workspaceId: id, snapshotHash: 'hash', diagnostics: [] });
  expect(builds.latest(id)).toBeNull();
  builds.countRun(id, 'hash', 'run', []);
  expect(await countsOf(speculativeRuns, 'found')).toEqual({});
});
