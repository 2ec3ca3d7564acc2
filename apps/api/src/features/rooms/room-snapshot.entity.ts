import type { WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The document as it stood after update `seq`, so that loading replays only what came later. */
@Entity('room_snapshot')
export class RoomSnapshotEntity {
  @PrimaryColumn('uuid')
  workspaceId: WorkspaceId;

  @PrimaryColumn('integer')
  epoch: number;

  @PrimaryColumn('integer')
  seq: number;

  @Column('bytea')
  state: Buffer;

  @Column('text')
  treeHash: string;

  @Column('timestamptz')
  at: Date;
}
