import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import pg from 'pg';
import { CONFIG, type Config } from '../../config/index.ts';
import { log } from '../../platform/logging/index.ts';
import {
  COMMIT_RETRY_MS,
  COMMIT_TIMEOUT_MS,
  DRAIN_MS,
  MAX_BATCH_BYTES,
  MAX_BATCH_ROWS,
} from './room-limits.ts';
import { batchRows, commitFailures, queuedEdits } from './room-metrics.ts';

export type LogEntry = {
  readonly workspaceId: WorkspaceId;
  readonly epoch: number;
  readonly fence: number;
  readonly seq: number;
  readonly accountId: AccountId;
  /** Client ids that this update uses first; they belong to the account from now on. */
  readonly newClientIds: readonly number[];
  readonly update: Uint8Array;
  readonly taker: EntryTaker;
};

/**
 * Who appended an entry. For each commit, in one turn: every entry is settled, then every one acknowledged, then every
 * one shown, each time in the order of `append`; so nobody's "saved" waits for what the others are shown.
 */
export type EntryTaker = {
  /** `lease_lost`: another owner or epoch; this update is not in the log, and the other two calls do not come. */
  settle(outcome: 'durable' | 'lease_lost'): void;
  acknowledge(): void;
  show(): void;
};

/**
 * Writes the edits of all rooms of this process, one commit at a time, each taking everything that waits. What a commit
 * brought is told while the next one is under way. A failed commit is repeated until it succeeds: nothing is said to be
 * durable before the database said so.
 */
@Injectable()
export class UpdateLogWriter implements OnModuleDestroy {
  readonly #pool: pg.Pool;
  /** Held from commit to commit, so that a statement goes out in the turn that begins it. */
  #connection: pg.PoolClient | null = null;
  #queue: LogEntry[] = [];
  #writing: Promise<void> | null = null;
  #storageOk = true;
  #ended = false;
  readonly #onStorage = new Set<(ok: boolean) => void>();

  constructor(@Inject(CONFIG) config: Config) {
    this.#pool = new pg.Pool({
      connectionString: config.database.url.reveal(),
      max: 1,
      connectionTimeoutMillis: COMMIT_TIMEOUT_MS,
      query_timeout: COMMIT_TIMEOUT_MS,
    });
    this.#pool.on('error', (err) => log.warn({ err }, 'edit log connection lost'));
  }

  get storageOk(): boolean {
    return this.#storageOk;
  }

  /** Called when commits begin to fail and when they succeed again. */
  onStorage(listener: (ok: boolean) => void): void {
    this.#onStorage.add(listener);
  }

  append(entry: LogEntry): void {
    this.#queue.push(entry);
    queuedEdits.inc();
    this.#writing ??= this.#writeAll();
  }

  /** Waits until nothing is queued, or gives up when the database stays away. */
  async drain(): Promise<void> {
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, DRAIN_MS).unref());
    await Promise.race([this.#writing ?? Promise.resolve(), deadline]);
  }

  async onModuleDestroy(): Promise<void> {
    await this.drain();
    this.#ended = true;
    this.#letGo();
    await this.#pool.end();
  }

  async #writeAll(): Promise<void> {
    // One turn of the loop: frames that arrived together are committed together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    let next = this.#beginCommit();
    while (next !== null) {
      const { batch, committing } = next;
      const durable = await committing;
      if (durable === null) return;
      queuedEdits.dec(batch.length);
      // On its way before what this one brought is told: the database works meanwhile.
      next = this.#beginCommit();
      tell(batch, durable);
      next ??= this.#beginCommit();
    }
    this.#writing = null;
  }

  #beginCommit(): { batch: LogEntry[]; committing: Promise<ReadonlySet<string> | null> } | null {
    const batch = this.#takeBatch();
    return batch.length === 0 ? null : { batch, committing: this.#commitUntilDone(batch) };
  }

  #takeBatch(): LogEntry[] {
    let bytes = 0;
    let rows = 0;
    for (const entry of this.#queue) {
      bytes += entry.update.length;
      if (rows === MAX_BATCH_ROWS || (rows > 0 && bytes > MAX_BATCH_BYTES)) break;
      rows += 1;
    }
    if (rows > 0) batchRows.observe(rows);
    return this.#queue.splice(0, rows);
  }

  /** Keys of the entries that are in the log now; null when the process ends first. */
  async #commitUntilDone(batch: readonly LogEntry[]): Promise<ReadonlySet<string> | null> {
    while (!this.#ended) {
      try {
        const durable = await this.#commit(batch);
        this.#setStorage(true);
        return durable;
      } catch (err) {
        this.#letGo();
        commitFailures.inc();
        if (this.#storageOk) log.error({ err }, 'edits cannot be committed');
        this.#setStorage(false);
        await new Promise<void>((resolve) => setTimeout(resolve, COMMIT_RETRY_MS));
      }
    }
    return null;
  }

  async #commit(batch: readonly LogEntry[]): Promise<ReadonlySet<string>> {
    const claims = batch.flatMap((e) => e.newClientIds.map((clientId) => ({ e, clientId })));
    const connection = this.#connection ?? (await this.#connect());
    const { rows } = await connection.query<{ workspace_id: string; epoch: number; seq: number }>({
      name: 'room-append',
      text: APPEND,
      values: [
        batch.map((e) => e.workspaceId),
        batch.map((e) => e.epoch),
        batch.map((e) => e.fence),
        batch.map((e) => e.seq),
        batch.map((e) => e.accountId),
        batch.map((e) => Buffer.from(e.update.buffer, e.update.byteOffset, e.update.byteLength)),
        claims.map(({ e }) => e.workspaceId),
        claims.map(({ e }) => e.epoch),
        claims.map(({ e }) => e.fence),
        claims.map(({ clientId }) => clientId),
        claims.map(({ e }) => e.accountId),
      ],
    });
    return new Set(rows.map((row) => keyOf(row.workspace_id, row.epoch, row.seq)));
  }

  async #connect(): Promise<pg.PoolClient> {
    const connection = await this.#pool.connect();
    // The statement under way fails with it; one that is lost between two is found by the next.
    connection.on('error', (err) => log.warn({ err }, 'edit log connection lost'));
    this.#connection = connection;
    return connection;
  }

  /** After a failure nobody knows what the connection still has to say. */
  #letGo(): void {
    this.#connection?.release(true);
    this.#connection = null;
  }

  #setStorage(ok: boolean): void {
    if (this.#storageOk === ok) return;
    this.#storageOk = ok;
    if (ok) log.info('edits are committed again');
    for (const listener of this.#onStorage) listener(ok);
  }
}

function tell(batch: readonly LogEntry[], durable: ReadonlySet<string>): void {
  const isDurable = (entry: LogEntry): boolean =>
    durable.has(keyOf(entry.workspaceId, entry.epoch, entry.seq));
  const kept = batch.filter(isDurable);
  const isKept = new Set(kept);
  each(batch, (entry) => entry.taker.settle(isKept.has(entry) ? 'durable' : 'lease_lost'));
  each(kept, ({ taker }) => taker.acknowledge());
  each(kept, ({ taker }) => taker.show());
}

/** One room's failure to take its own edit must not stop the others' commits. */
function each(entries: readonly LogEntry[], visit: (entry: LogEntry) => void): void {
  for (const entry of entries) {
    try {
      visit(entry);
    } catch (err) {
      log.error({ err, workspaceId: entry.workspaceId }, 'a committed edit could not be applied');
    }
  }
}

const keyOf = (workspaceId: string, epoch: number, seq: number): string => `${workspaceId} ${epoch} ${seq}`;

/**
 * The fence is in the statement: who lost the lease writes nothing and learns it by the missing rows. The share lock
 * makes a reset wait for us or us for it. A repeated row is answered as written when it is the very same update.
 */
const APPEND = `
  WITH incoming AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::bytea[])
      AS u(workspace_id, epoch, fence, seq, account_id, "update")
  ), held AS (
    SELECT workspace_id, epoch, fence FROM room_lease WHERE workspace_id = ANY ($1::uuid[]) FOR SHARE
  ), claimed AS (
    INSERT INTO room_author (workspace_id, client_id, account_id)
    SELECT c.workspace_id, c.client_id, c.account_id
      FROM unnest($7::uuid[], $8::int[], $9::int[], $10::bigint[], $11::text[]) AS c(workspace_id, epoch, fence, client_id, account_id)
      JOIN held USING (workspace_id, epoch, fence)
    ON CONFLICT DO NOTHING
  )
  INSERT INTO room_update (workspace_id, epoch, seq, account_id, "update", at)
  SELECT i.workspace_id, i.epoch, i.seq, i.account_id, i."update", now() FROM incoming i JOIN held USING (workspace_id, epoch, fence)
  ON CONFLICT (workspace_id, epoch, seq) DO UPDATE SET seq = excluded.seq WHERE room_update."update" = excluded."update"
  RETURNING workspace_id, epoch, seq`;
