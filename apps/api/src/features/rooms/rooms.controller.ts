import { Controller, Param } from '@nestjs/common';
import {
  type RoomCommand,
  type RoomControlView,
  type RoomsOverview,
  type Workspace,
  type WorkspaceId,
  workspaceIdSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { CurrentCaller } from '../../platform/auth/index.ts';
import { Endpoint, EndpointBody, IdempotencyKey } from '../../platform/http/index.ts';
import { ResetWorkspace } from './reset-workspace.service.ts';
import { RoomsOverviewService } from './rooms-overview.service.ts';
import { RoomControls } from './room-controls.service.ts';

@Controller()
export class RoomsController {
  constructor(
    private readonly resets: ResetWorkspace,
    private readonly controls: RoomControls,
    private readonly overviews: RoomsOverviewService,
  ) {}

  @Endpoint('getRoomsOverview')
  overview(@CurrentCaller() caller: Caller): Promise<RoomsOverview> {
    return this.overviews.get(caller);
  }

  @Endpoint('getRoomControl')
  control(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<RoomControlView> {
    return this.controls.get(caller, id);
  }

  @Endpoint('commandRoom')
  command(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @EndpointBody('commandRoom') command: RoomCommand,
    @IdempotencyKey() key: string,
  ): Promise<RoomControlView> {
    return this.controls.command(caller, id, command, key);
  }

  @Endpoint('resetWorkspace')
  reset(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @IdempotencyKey() key: string,
  ): Promise<Workspace> {
    return this.resets.reset(caller, id, key);
  }
}
