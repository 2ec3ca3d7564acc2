import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Diagnostic, GroupId, RunKind, WorkspaceId } from '@lineage/contracts';
import { FairQueue } from '@lineage/domain';
import { BuildOutcome, type BuildResponse } from '@lineage/runner-protocol';
import { CONFIG, type Config } from '../../config/index.ts';
import { type DomainEventMap, DomainEvents } from '../../platform/events/index.ts';
import { log } from '../../platform/logging/index.ts';
import { type RoomSnapshot, Rooms } from '../rooms/index.ts';
import { diagnosticBody, wireKinds } from './agent/agent-events.ts';
import { speculativeBuilds, speculativeRuns } from './run-metrics.ts';
import { RunnerPool, type StartInput } from './runner-pool.ts';

/** Long enough that a build is not begun between two letters, short enough that nobody waits for its answer. */
const PAUSE_MS = 300;
/**
 * A build that the agent had no time for is asked for again when this long nobody typed, and ever more seldom: a group
 * that runs nothing may have no agent for an hour, and each time the whole text is read.
 */
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 60_000;
/** As many as the agent says of one build. */
const MOST_DIAGNOSTICS = 50;
/** Workspaces whose last answer is remembered for who comes late. */
const MOST_REMEMBERED = 1_000;

/** A build to be asked for, and after how long again if it is not made. */
type Wish = { readonly id: WorkspaceId; readonly group: GroupId; readonly againMs: number };

export type Checked = DomainEventMap['workspace.checked'];

/**
 * Builds the text of open rooms when people pause: problems are shown as they type, and Run finds its program. One build
 * at a time, groups in turn and then the workspaces of a group; the agent does them last, and none while it has something
 * else to do.
 */
@Injectable()
export class SpeculativeBuilds implements OnModuleInit, OnModuleDestroy {
  readonly #pauses = new Map<WorkspaceId, NodeJS.Timeout>();
  /** Whose turn is next, and what is wished for each. */
  readonly #waiting = new FairQueue<WorkspaceId>();
  readonly #wishes = new Map<WorkspaceId, Wish>();
  readonly #latest = new Map<WorkspaceId, Checked>();
  #under: { readonly id: WorkspaceId; readonly abort: AbortController } | null = null;
  #stop: (() => void) | null = null;
  #ended = false;

  constructor(
    private readonly events: DomainEvents,
    private readonly rooms: Rooms,
    private readonly pool: RunnerPool,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    if (!this.config.runner.speculative) return;
    const stops = [
      this.events.on('workspace.changed', ({ workspaceId, groupId }) => this.#changed(workspaceId, groupId)),
      // By whichever process holds the room.
      this.events.on('workspace.checked', (checked) => this.#remember(checked)),
    ];
    this.#stop = () => {
      for (const stop of stops) stop();
    };
  }

  onModuleDestroy(): void {
    this.#ended = true;
    this.#stop?.();
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#under?.abort.abort();
  }

  /** What the compiler and vet said last of a workspace's text, or null when they were not asked. */
  latest(id: WorkspaceId): Checked | null {
    return this.#latest.get(id) ?? null;
  }

  /** Notes whether a run finds its program built already. */
  countRun(id: WorkspaceId, snapshotHash: string, kind: RunKind, signals: readonly string[]): void {
    if (!this.config.runner.speculative || kind !== 'run' || signals.length > 0) return;
    const latest = this.latest(id);
    const hit = latest?.snapshotHash === snapshotHash && latest.diagnostics.every(isFinding);
    speculativeRuns.inc({ found: hit ? 'built' : 'nothing' });
  }

  #changed(id: WorkspaceId, group: GroupId): void {
    // What is being built is not the text any more.
    if (this.#under?.id === id) this.#under.abort.abort();
    this.#after(PAUSE_MS, { id, group, againMs: AGAIN_MS });
  }

  #after(ms: number, wish: Wish): void {
    const { id } = wish;
    clearTimeout(this.#pauses.get(id));
    const pause = setTimeout(() => {
      this.#pauses.delete(id);
      // In a queue that is in turn among the people of a group, its workspaces are these.
      if (!this.#wishes.has(id)) this.#waiting.add({ id, groupId: wish.group, accountId: id });
      this.#wishes.set(id, wish);
      void this.#buildNext();
    }, ms);
    this.#pauses.set(id, pause.unref());
  }

  #again(wish: Wish): void {
    this.#after(wish.againMs, { ...wish, againMs: Math.min(2 * wish.againMs, LONGEST_AGAIN_MS) });
  }

  async #buildNext(): Promise<void> {
    if (this.#under !== null || this.#ended) return;
    for (let wish = this.#next(); wish !== null; wish = this.#next()) {
      const { id } = wish;
      const abort = new AbortController();
      this.#under = { id, abort };
      try {
        speculativeBuilds.inc({ outcome: await this.#build(wish, abort.signal) });
      } catch (err) {
        const abandoned = abort.signal.aborted;
        speculativeBuilds.inc({ outcome: abandoned ? 'abandoned' : 'failed' });
        if (!abandoned) log.warn({ err, workspaceId: id }, 'text could not be built ahead of a run');
      } finally {
        this.#under = null;
      }
      if (this.#ended) return;
    }
  }

  #next(): Wish | null {
    const next = this.#waiting.take();
    if (next === null) return null;
    const wish = this.#wishes.get(next.id) ?? null;
    this.#wishes.delete(next.id);
    return wish;
  }

  async #build(wish: Wish, signal: AbortSignal): Promise<string> {
    if (!this.pool.state().ready) return 'dropped';
    const { id, group } = wish;
    const snapshot = await this.rooms.snapshot(id, null);
    if (snapshot.files.length === 0) return 'dropped';
    const start = toStart(snapshot);
    const built = await this.pool.build(group, start, true, signal);
    if (built.outcome === BuildOutcome.DROPPED) {
      this.#again(wish);
      return 'dropped';
    }
    const tell = (found: BuildResponse['diagnostics']): void =>
      this.#tell({
        workspaceId: id,
        snapshotHash: snapshot.hash,
        diagnostics: found.slice(0, MOST_DIAGNOSTICS).map(toDiagnostic),
      });
    // Findings of vet stay where they are until it is known whether they still hold: no mark goes and comes again.
    const findingsWait = built.outcome === BuildOutcome.BUILT && this.#hasFindings(id);
    if (!findingsWait) tell(built.diagnostics);
    if (built.outcome !== BuildOutcome.BUILT) return 'refused';
    const vetted = await this.pool.build(group, { ...start, kind: wireKinds.vet }, true, signal);
    // What was found before may still hold, and what is there now is not known.
    if (vetted.outcome === BuildOutcome.DROPPED) this.#again(wish);
    else if (findingsWait || vetted.diagnostics.length > 0) tell(vetted.diagnostics);
    return 'built';
  }

  /** Whether what was told last is of vet: the text compiled then. */
  #hasFindings(id: WorkspaceId): boolean {
    return this.latest(id)?.diagnostics.some(isFinding) ?? false;
  }

  #tell(checked: Checked): void {
    this.#remember(checked);
    this.events.publish('workspace.checked', checked);
  }

  #remember(checked: Checked): void {
    this.#latest.delete(checked.workspaceId);
    this.#latest.set(checked.workspaceId, checked);
    for (const id of this.#latest.keys()) {
      if (this.#latest.size <= MOST_REMEMBERED) break;
      this.#latest.delete(id);
    }
  }
}

/** What vet finds is in a program that compiles. */
const isFinding = ({ source }: Diagnostic): boolean => source === 'vet';

const mainPackage = /^package main\b/m;

/** What Run would build, or the tests where there is no program. */
function toStart({ files }: RoomSnapshot): StartInput {
  const encoder = new TextEncoder();
  const isProgram = files.some(
    ({ path, content }) =>
      /^[^/]+\.go$/.test(path) && !path.endsWith('_test.go') && mainPackage.test(content),
  );
  const kind: RunKind = isProgram ? 'run' : 'test';
  return {
    kind: wireKinds[kind],
    files: files.map(({ path, content }) => ({ path, content: encoder.encode(content) })),
  };
}

/** Lengths are bounded and text is made valid as for an event of a run. */
function toDiagnostic(found: Parameters<typeof diagnosticBody>[0]): Diagnostic {
  const { type: _, ...diagnostic } = diagnosticBody(found);
  return diagnostic;
}
