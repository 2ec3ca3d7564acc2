import { Injectable } from '@nestjs/common';
import type {
  AccountId,
  Attribution,
  Blame,
  branchSchema,
  HistoryEdits,
  Workspace,
  WorkspaceId,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { z } from 'zod';
import { notFound } from '../../platform/errors/index.ts';
import { DocumentLog } from '../rooms/index.ts';
import { WorkspaceAccess, WorkspaceBranches, type WorkspaceRow, Workspaces } from '../workspaces/index.ts';
import { Timeline } from './timeline.service.ts';

type Share = Omit<Attribution['people'][number], 'person'>;

/** What a workspace was, and whose it is. */
@Injectable()
export class Past {
  constructor(
    private readonly access: WorkspaceAccess,
    private readonly log: DocumentLog,
    private readonly timeline: Timeline,
    private readonly workspaces: Workspaces,
    private readonly branches: WorkspaceBranches,
  ) {}

  /** @throws DomainError not_found: the workspace, its epoch */
  async edits(
    caller: Caller,
    id: WorkspaceId,
    moment: { epoch: number; from: number },
  ): Promise<HistoryEdits> {
    const workspace = await this.access.get(caller, id);
    requireEpoch(workspace, moment.epoch);
    const { state, head, edits } = await this.log.ask('chunk', { workspaceId: id, ...moment });
    return {
      from: Math.min(moment.from, head),
      head,
      state: base64(state),
      edits: edits.map(({ seq, at, accountId, update }) => ({
        seq,
        at: new Date(at).toISOString(),
        by: accountId as AccountId,
        update: base64(update),
      })),
    };
  }

  /** @throws DomainError not_found: the workspace, the file */
  async blame(caller: Caller, id: WorkspaceId, fileId: string): Promise<Blame> {
    const { epoch } = await this.access.get(caller, id);
    const blame = await this.log.ask('blame', { workspaceId: id, epoch, fileId });
    if (blame === null) throw notFound('file');
    const authors = new Set(blame.runs.flatMap(({ accountId }) => (accountId ?? []) as AccountId));
    return {
      epoch,
      seq: blame.seq,
      runs: blame.runs.map(({ lines, accountId, at, others }) => ({
        lines,
        by: accountId as AccountId | null,
        at: at === null ? null : new Date(at).toISOString(),
        others,
      })),
      people: await this.timeline.people(authors),
    };
  }

  /** @throws DomainError not_found */
  async attribution(caller: Caller, id: WorkspaceId): Promise<Attribution> {
    const workspace = await this.access.get(caller, id);
    const shares = new Map<AccountId, Share>();
    let template = 0;
    for (let epoch = 1; epoch <= workspace.epoch; epoch += 1) {
      const isNow = epoch === workspace.epoch;
      const answer = await this.log.ask('shares', { workspaceId: id, epoch });
      if (isNow) ({ template } = answer);
      for (const { accountId, inserted, deleted, edits, live } of answer.shares) {
        const known = shares.get(accountId as AccountId) ?? { inserted: 0, deleted: 0, edits: 0, live: 0 };
        shares.set(accountId as AccountId, {
          inserted: known.inserted + inserted,
          deleted: known.deleted + deleted,
          edits: known.edits + edits,
          live: isNow ? live : 0,
        });
      }
    }
    const people = await this.timeline.people(new Set(shares.keys()));
    return {
      people: people
        .flatMap((person) => {
          const share = shares.get(person.id);
          return share === undefined ? [] : [{ person, ...share }];
        })
        .sort((a, b) => b.live - a.live || b.inserted - a.inserted),
      template,
    };
  }

  /** @throws DomainError not_found, forbidden, conflict, idempotency_mismatch */
  async branch(
    caller: Caller,
    id: WorkspaceId,
    moment: z.output<typeof branchSchema>,
    key: string,
  ): Promise<Workspace> {
    const workspace = await this.access.require(caller, id, 'create');
    requireEpoch(workspace, moment.epoch);
    const { files, seq } = await this.log.ask('tree', { workspaceId: id, ...moment });
    if (seq !== moment.seq) throw notFound('moment of this workspace');
    const branch = { ...moment, files, by: caller.accountId, key };
    return this.workspaces.describe(caller, await this.branches.create(id, branch));
  }
}

function requireEpoch(workspace: WorkspaceRow, epoch: number): void {
  if (epoch > workspace.epoch) throw notFound('moment of this workspace');
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
