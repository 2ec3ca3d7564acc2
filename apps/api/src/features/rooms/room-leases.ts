import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { WorkspaceId } from '@lineage/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { ApiProcesses, Moved, type Peer, Peers } from '../processes/index.ts';
import type { WorkspaceRow } from '../workspaces/index.ts';
import { LEASE_LOCK_IDLE_MS } from './room-limits.ts';

/** Another process that lives holds the room. */
export class HeldElsewhere extends Moved {
  constructor(readonly peer: Peer) {
    super('another process holds the room');
  }
}

export type Lease = { readonly epoch: number; readonly fence: number };

/** Which process holds a room. Time is the database's; nothing here is believed without the fence. */
@Injectable()
export class RoomLeases {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly processes: ApiProcesses,
    private readonly peers: Peers,
  ) {}

  /** Asks the holder of a room. @throws PeerLost, Moved, or the DomainError that it answers with */
  ask(holder: Peer, name: string, payload: unknown): Promise<unknown> {
    return this.peers.call(holder, name, payload);
  }

  /** Called when this process was so late to say that it lives that others may have taken its rooms. */
  onLate(listener: () => Promise<void>): void {
    this.processes.onLate(listener);
  }

  /**
   * Takes the room from nobody, from this process, or from one that is dead. The transaction has to go on without a pause:
   * its lock on the lease must not outlive a process that sleeps or is cut off in the middle of it.
   * @throws HeldElsewhere
   */
  async take(db: EntityManager, workspace: WorkspaceRow): Promise<Lease> {
    if (this.processes.self !== null) await db.query(LET_GO_OF_THE_LOCK);
    const [lease]: Lease[] = await db.query(TAKE, [workspace.id, workspace.epoch, this.processes.self]);
    if (lease !== undefined) return lease;
    const [peer]: Peer[] = await db.query(HOLDER, [workspace.id]);
    // It let go between the two statements: whoever asks again takes it.
    if (peer === undefined) throw new Moved('the room has no holder any more');
    throw new HeldElsewhere(peer);
  }

  /** Keeps the room from being taken until the end of the transaction; false when it has been. */
  async hold(db: EntityManager, id: WorkspaceId, fence: number): Promise<boolean> {
    if (this.processes.self !== null) await db.query(LET_GO_OF_THE_LOCK);
    const held: unknown[] = await db.query(HOLD, [id, fence]);
    return held.length > 0;
  }

  /** The room is let go, so that it is next held where it is next needed. */
  async giveBack(id: WorkspaceId, fence: number): Promise<void> {
    if (this.processes.self === null) return;
    await this.db.query(
      'UPDATE room_lease SET process_id = NULL WHERE workspace_id = $1 AND fence = $2 AND process_id = $3',
      [id, fence, this.processes.self],
    );
  }

  /** This process takes no room any more. */
  async giveBackAll(): Promise<void> {
    if (this.processes.self === null) return;
    await this.db.query('UPDATE room_lease SET process_id = NULL WHERE process_id = $1', [
      this.processes.self,
    ]);
  }

  /** Those of these rooms that somebody else has taken meanwhile. */
  async lostOf(held: readonly { id: WorkspaceId; fence: number }[]): Promise<ReadonlySet<WorkspaceId>> {
    const rows: { workspace_id: WorkspaceId }[] = await this.db.query(LOST, [
      held.map(({ id }) => id),
      held.map(({ fence }) => fence),
    ]);
    return new Set(rows.map((row) => row.workspace_id));
  }
}

/** Of whoever says nothing more in the middle of a transaction. */
const LET_GO_OF_THE_LOCK = `SET LOCAL idle_in_transaction_session_timeout = ${LEASE_LOCK_IDLE_MS}`;

/** A process that is alone ($3 is null) takes every room. */
const TAKE = `
  INSERT INTO room_lease (workspace_id, epoch, fence, process_id) VALUES ($1, $2, 1, $3)
  ON CONFLICT (workspace_id) DO UPDATE SET fence = room_lease.fence + 1, process_id = $3
    WHERE $3::uuid IS NULL OR room_lease.process_id IS NULL OR room_lease.process_id = $3
      OR NOT EXISTS (
        SELECT 1 FROM api_process p WHERE p.id = room_lease.process_id AND p.alive_until > clock_timestamp())
  RETURNING epoch, fence`;

const HOLD = 'SELECT 1 FROM room_lease WHERE workspace_id = $1 AND fence = $2 FOR SHARE';

const HOLDER = `
  SELECT p.id, p.address FROM room_lease l JOIN api_process p ON p.id = l.process_id
  WHERE l.workspace_id = $1 AND p.alive_until > clock_timestamp()`;

const LOST = `
  SELECT h.workspace_id FROM unnest($1::uuid[], $2::int[]) AS h(workspace_id, fence)
  LEFT JOIN room_lease l USING (workspace_id) WHERE l.fence IS DISTINCT FROM h.fence`;
