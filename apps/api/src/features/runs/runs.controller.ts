import { Controller, Param, Query } from '@nestjs/common';
import { type Run, type RunEvent, type RunId, runIdSchema, type WorkspaceId, workspaceIdSchema } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { z } from 'zod';
import { CurrentCaller } from '../../platform/auth/index.ts';
import { Endpoint } from '../../platform/http/index.ts';
import { RunAccess } from './run-access.service.ts';

const afterSchema = z.coerce.number().int().min(0).max(2_147_483_647).default(0);

@Controller()
export class RunsController {
  constructor(private readonly access: RunAccess) {}

  @Endpoint('listRuns')
  list(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<{ runs: Run[] }> {
    return this.access.list(caller, id);
  }

  @Endpoint('getRun')
  get(@CurrentCaller() caller: Caller, @Param('runId', { schema: runIdSchema }) id: RunId): Promise<Run> {
    return this.access.get(caller, id);
  }

  @Endpoint('listRunEvents')
  events(
    @CurrentCaller() caller: Caller,
    @Param('runId', { schema: runIdSchema }) id: RunId,
    @Query('after', { schema: afterSchema }) after: number,
  ): Promise<{ events: RunEvent[] }> {
    return this.access.events(caller, id, after);
  }
}
