import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { freeControl, type RoomControl } from '@lineage/collab';
import type { AccountId, RoomCommand, WorkspaceId } from '@lineage/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { RoomCommandEntity } from './room-command.entity.ts';
import { RoomControlEntity } from './room-control.entity.ts';
import { RoomLeases } from './room-leases.ts';

export type CommandKey = {
  readonly workspaceId: WorkspaceId;
  readonly accountId: AccountId;
  readonly idempotencyKey: string;
};

/** Keeps who drives, and what was commanded. */
@Injectable()
export class RoomControlStore {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly leases: RoomLeases,
  ) {}

  async get(workspaceId: WorkspaceId, db: EntityManager = this.db.manager): Promise<RoomControl> {
    const row = await db.findOneBy(RoomControlEntity, { workspaceId });
    // Rows of before turns have none.
    return row === null ? freeControl : { ...freeControl, ...row.control, seq: row.seq };
  }

  /** The command that was carried out under this key, or null. */
  async findCommand(key: CommandKey): Promise<RoomCommand | null> {
    const row = await this.db.manager.findOneBy(RoomCommandEntity, { ...key });
    return row?.command ?? null;
  }

  /**
   * Resolves when it is durable; false when another process holds the room by now, and nothing was stored. `by` is null
   * for what nobody commanded: a driver who left.
   */
  async save(
    { workspaceId, fence }: { readonly workspaceId: WorkspaceId; readonly fence: number },
    { seq, ...control }: RoomControl,
    by: (CommandKey & { readonly command: RoomCommand }) | null,
  ): Promise<boolean> {
    return this.db.transaction(async (db) => {
      if (!(await this.leases.hold(db, workspaceId, fence))) return false;
      await db.upsert(RoomControlEntity, { workspaceId, seq, control }, ['workspaceId']);
      if (by !== null) await db.insert(RoomCommandEntity, { ...by, seq, at: new Date() });
      return true;
    });
  }
}
