import { Injectable } from '@nestjs/common';
import type { AccountId, History, HistoryMark, Person, WorkspaceId } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { ClassSteps } from '../classroom/index.ts';
import { AccountDirectory, toPerson } from '../identity/index.ts';
import { DocumentLog, type Stretch } from '../rooms/index.ts';
import { RunStore } from '../runs/index.ts';
import { type Branch, WorkspaceAccess, WorkspaceBranches, type WorkspaceRow } from '../workspaces/index.ts';
import { MAX_MARKS, MAX_STRETCHES, MIN_STRETCH_EDITS, STRETCH_PAUSE_MS } from './history-limits.ts';

type Epochs = History['epochs'];

/** The life of a workspace: who wrote when, and what happened meanwhile. Its text is asked for in pieces. */
@Injectable()
export class Timeline {
  constructor(
    private readonly access: WorkspaceAccess,
    private readonly log: DocumentLog,
    private readonly branches: WorkspaceBranches,
    private readonly runs: RunStore,
    private readonly steps: ClassSteps,
    private readonly accounts: AccountDirectory,
  ) {}

  /** Who may see the room may see its history. @throws DomainError not_found */
  async get(caller: Caller, id: WorkspaceId): Promise<History> {
    const workspace = await this.access.get(caller, id);
    const [edits, branches, marks, epochs] = await Promise.all([
      this.log.countEdits(id),
      this.branches.list(id),
      this.marks(workspace),
      this.epochs(workspace),
    ]);
    const stretches = await this.log.stretches(id, stretchEdits(edits), STRETCH_PAUSE_MS);
    return {
      epochs: withEdits(epochs, stretches),
      stretches: stretches.map((stretch) => ({
        ...stretch,
        at: stretch.at.toISOString(),
        until: stretch.until.toISOString(),
        by: [...stretch.by],
      })),
      marks,
      people: await this.people(accountsIn({ epochs, stretches, branches, marks })),
      branches: branches.map((branch) => ({ ...branch, at: branch.at.toISOString() })),
      canBranch: may(caller, 'create', 'Workspace', workspace),
    };
  }

  /** Runs and steps of the class, the newest of them, in order of time. */
  async marks({ id, cohortId, lessonId, createdAt }: WorkspaceRow): Promise<HistoryMark[]> {
    const [runs, steps] = await Promise.all([
      this.runs.newest(id, MAX_MARKS),
      this.steps.since({ cohortId, lessonId, since: createdAt, most: MAX_MARKS }),
    ]);
    const marks: HistoryMark[] = [
      ...runs.map((run) => ({
        type: 'run' as const,
        at: run.createdAt.toISOString(),
        runId: run.id,
        kind: run.kind,
        state: run.state,
        by: run.startedBy,
      })),
      ...steps.map(({ at, title }) => ({ type: 'step' as const, at: at.toISOString(), title })),
    ];
    return marks.sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-MAX_MARKS);
  }

  async epochs({ id, createdAt }: WorkspaceRow): Promise<Epochs> {
    const resets = await this.log.resets(id);
    return [
      { epoch: 1, edits: 0, at: createdAt.toISOString(), by: null },
      ...resets.map(({ epoch, at, accountId }) => ({
        epoch,
        edits: 0,
        at: at.toISOString(),
        by: accountId,
      })),
    ];
  }

  /** Accounts that are gone are nobody. */
  async people(ids: ReadonlySet<AccountId>): Promise<Person[]> {
    const rows = await this.accounts.findMany([...ids]);
    return [...rows.values()].map(toPerson);
  }
}

/** Few enough stretches for a screen, and never across the edits that one answer of the player holds. */
function stretchEdits(edits: number): number {
  let size = MIN_STRETCH_EDITS;
  while (edits / size > MAX_STRETCHES) size *= size === MIN_STRETCH_EDITS ? 5 : 2;
  return size;
}

function withEdits(epochs: Epochs, stretches: readonly Stretch[]): Epochs {
  const heads = new Map<number, number>();
  for (const { epoch, to } of stretches) heads.set(epoch, Math.max(heads.get(epoch) ?? 0, to));
  return epochs.map((one) => ({ ...one, edits: heads.get(one.epoch) ?? 0 }));
}

function accountsIn(history: {
  epochs: Epochs;
  stretches: readonly Stretch[];
  branches: readonly Branch[];
  marks: readonly HistoryMark[];
}): Set<AccountId> {
  const { epochs, stretches, branches, marks } = history;
  return new Set([
    ...epochs.flatMap(({ by }) => by ?? []),
    ...stretches.flatMap(({ by }) => by.map(({ accountId }) => accountId)),
    ...branches.map(({ by }) => by),
    ...marks.flatMap((mark) => (mark.type === 'run' ? mark.by : [])),
  ]);
}
