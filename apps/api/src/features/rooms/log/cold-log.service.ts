import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { log } from '../../../platform/logging/index.ts';
import { coldUpdates } from '../room-metrics.ts';
import { COLD_AFTER_MS, COLD_BATCH, COLD_EVERY_MS, COLD_PAUSE_MS, COLD_PLACES } from './log-limits.ts';

/**
 * Moves what only people who look back read out of the table that is written with every keystroke: that one and its index
 * stay as small as a day of work. Any number of processes may do it at once.
 */
@Injectable()
export class ColdLog implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | null = null;
  #moving: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(@InjectDataSource() private readonly db: DataSource) {}

  onApplicationBootstrap(): void {
    const begin = (): void => {
      this.#moving = this.#tryToMove();
    };
    begin();
    this.#timer = setInterval(begin, COLD_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#moving;
  }

  async #tryToMove(): Promise<void> {
    try {
      const moved = await this.move(COLD_AFTER_MS);
      if (moved > 0) log.info({ edits: moved }, 'edits moved to the cold part of the log');
    } catch (err) {
      // What is left is left until the next time.
      log.warn({ err }, 'edits not moved to the cold part of the log');
    }
  }

  /** Moves what may be moved and is older than `olderThanMs`; resolves to the number of edits. */
  async move(olderThanMs: number): Promise<number> {
    let all = 0;
    for (let moved = 1; moved > 0 && !this.#stopped; all += moved) {
      if (all > 0) await sleep(COLD_PAUSE_MS);
      const [row]: { moved: number }[] = await this.db.query(MOVE, [olderThanMs, COLD_PLACES, COLD_BATCH]);
      moved = row?.moved ?? 0;
      coldUpdates.inc(moved);
    }
    return all;
  }
}

const MAX_SEQ = 2 ** 31 - 1;
const IS_OLD = "u.at < now() - $1 * interval '1 millisecond'";

/**
 * One statement, so that each edit is in exactly one of both parts whenever anybody looks, or a process dies. What is moved
 * was stored with a snapshot of its epoch, or is of an epoch that is over; what comes after the newest snapshot stays. A load
 * reads the snapshot first and holds the lock of its lease until it has read the rest: its workspace is passed over.
 */
const MOVE = `
  WITH settled AS (
    SELECT t.workspace_id, t.epoch, CASE WHEN t.epoch < l.epoch THEN ${MAX_SEQ} ELSE (
      SELECT max(s.seq) FROM room_snapshot s WHERE s.workspace_id = t.workspace_id AND s.epoch = t.epoch
    ) END AS seq FROM room_lease l JOIN workspace_template t USING (workspace_id)
  ), due AS MATERIALIZED (
    SELECT s.* FROM settled s WHERE EXISTS (
      SELECT FROM room_update u WHERE u.workspace_id = s.workspace_id AND u.epoch = s.epoch AND u.seq <= s.seq AND ${IS_OLD}
    ) LIMIT $2
  ), held AS MATERIALIZED (
    SELECT workspace_id FROM room_lease WHERE workspace_id IN (SELECT workspace_id FROM due) FOR SHARE SKIP LOCKED
  ), old AS MATERIALIZED (
    SELECT u.* FROM due JOIN held USING (workspace_id) CROSS JOIN LATERAL (
      SELECT workspace_id, epoch, seq FROM room_update u
        WHERE u.workspace_id = due.workspace_id AND u.epoch = due.epoch AND u.seq <= due.seq AND ${IS_OLD}
        ORDER BY seq LIMIT $3 FOR UPDATE SKIP LOCKED
    ) u LIMIT $3
  ), gone AS (
    DELETE FROM room_update u USING old
      WHERE u.workspace_id = old.workspace_id AND u.epoch = old.epoch AND u.seq = old.seq RETURNING u.*
  ), kept AS (
    INSERT INTO room_cold_update (workspace_id, epoch, seq, account_id, "update", at)
      SELECT workspace_id, epoch, seq, account_id, "update", at FROM gone RETURNING 1
  )
  SELECT count(*)::int AS moved FROM kept`;
