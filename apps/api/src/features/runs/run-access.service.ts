import { Injectable } from '@nestjs/common';
import type { Run, RunEvent, RunId, WorkspaceId } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { notFound } from '../../platform/errors/index.ts';
import { WorkspaceAccess } from '../workspaces/index.ts';
import { RunStore } from './run-store.ts';
import type { RunEntity } from './run.entity.ts';

/** The way in to runs for whoever looks: what the caller may not see does not exist. */
@Injectable()
export class RunAccess {
  constructor(
    private readonly store: RunStore,
    private readonly workspaces: WorkspaceAccess,
  ) {}

  /** @throws DomainError not_found */
  async row(caller: Caller, id: RunId): Promise<RunEntity> {
    const run = await this.store.find(id);
    if (run === null || !may(caller, 'read', 'Workspace', run)) throw notFound('run');
    return run;
  }

  async get(caller: Caller, id: RunId): Promise<Run> {
    const [view] = await this.store.view([await this.row(caller, id)]);
    if (view === undefined) throw notFound('run');
    return view;
  }

  async events(caller: Caller, id: RunId, after: number): Promise<{ events: RunEvent[] }> {
    await this.row(caller, id);
    return { events: await this.store.after(id, after) };
  }

  async list(caller: Caller, id: WorkspaceId): Promise<{ runs: Run[] }> {
    await this.workspaces.get(caller, id);
    return { runs: await this.store.view(await this.store.newest(id)) };
  }
}
