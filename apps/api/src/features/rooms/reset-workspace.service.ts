import { Injectable } from '@nestjs/common';
import type { Workspace, WorkspaceId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { Peers } from '../processes/index.ts';
import { WorkspaceAccess, Workspaces } from '../workspaces/index.ts';
import { relayNames } from './relay/relay-contract.ts';
import { RoomControls } from './room-controls.service.ts';
import { Rooms } from './rooms.service.ts';

/** Back to the template, for whoever may and writes now. The text of before stays in the log. */
@Injectable()
export class ResetWorkspace {
  constructor(
    private readonly access: WorkspaceAccess,
    private readonly workspaces: Workspaces,
    private readonly rooms: Rooms,
    private readonly controls: RoomControls,
    private readonly peers: Peers,
  ) {}

  async reset(caller: Caller, id: WorkspaceId, idempotencyKey: string): Promise<Workspace> {
    await this.access.require(caller, id, 'reset');
    await this.controls.requireWriter(caller, id);
    const { accountId } = caller;
    await this.rooms.byHolder<unknown>(
      id,
      () => this.rooms.reset(id, accountId, idempotencyKey),
      (peer) => this.peers.call(peer, relayNames.reset, { workspaceId: id, accountId, idempotencyKey }),
    );
    return this.workspaces.get(caller, id);
  }

  /** Asked by another process for its caller, of a room that this one holds. @throws HeldElsewhere too */
  async resetHere(caller: Caller, id: WorkspaceId, idempotencyKey: string): Promise<void> {
    await this.access.require(caller, id, 'reset');
    await this.controls.requireWriter(caller, id);
    await this.rooms.reset(id, caller.accountId, idempotencyKey);
  }
}
