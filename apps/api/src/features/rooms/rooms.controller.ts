import { Controller, Param } from '@nestjs/common';
import { type Workspace, type WorkspaceId, workspaceIdSchema } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { CurrentCaller } from '../../platform/auth/index.ts';
import { Endpoint, IdempotencyKey } from '../../platform/http/index.ts';
import { ResetWorkspace } from './reset-workspace.service.ts';

@Controller()
export class RoomsController {
  constructor(private readonly resets: ResetWorkspace) {}

  @Endpoint('resetWorkspace')
  reset(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @IdempotencyKey() key: string,
  ): Promise<Workspace> {
    return this.resets.reset(caller, id, key);
  }
}
