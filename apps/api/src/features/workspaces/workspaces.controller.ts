import { Controller, Param } from '@nestjs/common';
import {
  type openWorkspaceSchema,
  type ticketSchema,
  type Workspace,
  type WorkspaceId,
  workspaceIdSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { z } from 'zod';
import { CurrentCaller } from '../../platform/auth/index.ts';
import { Endpoint, EndpointBody } from '../../platform/http/index.ts';
import { WorkspaceTickets } from './workspace-tickets.service.ts';
import { Workspaces } from './workspaces.service.ts';

@Controller()
export class WorkspacesController {
  constructor(
    private readonly workspaces: Workspaces,
    private readonly tickets: WorkspaceTickets,
  ) {}

  @Endpoint('openWorkspace')
  open(
    @CurrentCaller() caller: Caller,
    @EndpointBody('openWorkspace') body: z.output<typeof openWorkspaceSchema>,
  ): Promise<Workspace> {
    return this.workspaces.open(caller, body);
  }

  @Endpoint('getWorkspace')
  get(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<Workspace> {
    return this.workspaces.get(caller, id);
  }

  @Endpoint('createTicket')
  createTicket(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<z.output<typeof ticketSchema>> {
    return this.tickets.issue(caller, id);
  }
}
