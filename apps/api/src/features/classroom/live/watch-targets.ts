import { Injectable } from '@nestjs/common';
import type { AccountId, Watch } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { CallerResolver } from '../../../platform/auth/index.ts';
import { notFound } from '../../../platform/errors/index.ts';
import { RunAccess } from '../../runs/index.ts';
import { WorkspaceAccess } from '../../workspaces/index.ts';
import { ClassAccess } from '../class-access.service.ts';
import type { Target } from './live-socket.ts';

/** What may be watched: the same policy as over HTTP. */
@Injectable()
export class WatchTargets {
  constructor(
    private readonly callers: CallerResolver,
    private readonly classes: ClassAccess,
    private readonly runs: RunAccess,
    private readonly workspaces: WorkspaceAccess,
  ) {}

  /** Asks for what the account may see now, not when its socket was opened. @throws DomainError not_found */
  async get(accountId: AccountId, watch: Watch): Promise<Target> {
    const caller = await this.callers.callerOf(accountId);
    if (caller === null) throw notFound('account');
    switch (watch.stream) {
      case 'class': {
        const { cohortId } = await this.classes.get(caller, watch.id);
        return { stream: 'class', id: watch.id, cohortId };
      }
      case 'run': {
        const { cohortId, groupId } = await this.runs.row(caller, watch.id);
        return { stream: 'run', id: watch.id, cohortId, groupId };
      }
      case 'workspace': {
        const { cohortId, groupId } = await this.workspaces.get(caller, watch.id);
        return { stream: 'workspace', id: watch.id, cohortId, groupId };
      }
    }
  }
}

/** Whether `caller` may go on watching. */
export function mayWatch(caller: Caller, target: Target): boolean {
  return target.stream === 'class'
    ? may(caller, 'read', 'ClassSession', target)
    : may(caller, 'read', 'Workspace', target);
}
