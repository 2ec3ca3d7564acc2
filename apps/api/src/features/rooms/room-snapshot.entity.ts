import type { WorkspaceId } from '@lineage/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const pkey = (): { primaryKeyConstraintName: string } => ({ primaryKeyConstraintName: 'room_snapshot_pkey' });

/** The document as it stood after update `seq`, so that loading replays only what came later. */
@Entity('room_snapshot')
export class RoomSnapshotEntity {
  @PrimaryColumn('uuid', pkey())
  workspaceId: WorkspaceId;

  @PrimaryColumn('integer', pkey())
  epoch: number;

  @PrimaryColumn('integer', pkey())
  seq: number;

  @Column('bytea')
  state: Buffer;

  @Column('text')
  treeHash: string;

  @Column('timestamptz')
  at: Date;
}
