import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import pg from 'pg';
import { CONFIG, type Config } from '../../config/index.ts';
import { connectionOptions } from '../../database/index.ts';
import { log } from '../../platform/logging/index.ts';
import { appendAgain, type Appended, appendFirst } from './append-statements.ts';
import {
  COMMIT_EVERY_MS,
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
} & Told;

/**
 * What an entry is told. For each commit, in one turn: every entry is settled, then every one acknowledged, then every
 * one shown, each time in the order of `append`; so nobody's "saved" waits for what the others are shown.
 */
type Told = {
  /** `lease_lost`: another owner or epoch; this update is not in the log, and the other two calls do not come. */
  settle(outcome: 'durable' | 'lease_lost'): void;
  acknowledge(): void;
  show(): void;
};

type Commit = { readonly batch: readonly LogEntry[]; readonly committing: Promise<Appended | null> };

/**
 * Writes the edits of all rooms of this process, one commit at a time, each taking everything that waits. What a commit
 * brought is told while the next one is under way. A failed commit is repeated until it succeeds: nothing is said to be
 * durable before the database said so.
 */
@Injectable()
export class UpdateLogWriter implements OnModuleDestroy {
  readonly #pool: pg.Pool;
  /** When the newest commit began. */
  #begunAt = 0;
  /** Held from commit to commit, so that a statement goes out in the turn that begins it. */
  #connection: pg.PoolClient | null = null;
  #queue: LogEntry[] = [];
  #writing: Promise<void> | null = null;
  #storageOk = true;
  #ended = false;
  readonly #onStorage = new Set<(ok: boolean) => void>();

  constructor(@Inject(CONFIG) config: Config) {
    this.#pool = new pg.Pool({
      ...connectionOptions(config.database.url.reveal()),
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
      const appended = await committing;
      if (appended === null) return;
      queuedEdits.dec(batch.length);
      // On its way before what this one brought is told, if it is its time: the database works meanwhile.
      next = this.#isTimeToCommit() ? this.#beginCommit() : null;
      tell(batch, appended);
      if (next === null && this.#queue.length > 0) {
        await this.#untilTimeToCommit();
        next = this.#beginCommit();
      }
    }
    this.#writing = null;
  }

  #isTimeToCommit(): boolean {
    return performance.now() - this.#begunAt >= COMMIT_EVERY_MS;
  }

  async #untilTimeToCommit(): Promise<void> {
    const waitMs = this.#begunAt + COMMIT_EVERY_MS - performance.now();
    if (waitMs > 0) await new Promise<void>((resolve) => setTimeout(resolve, waitMs));
  }

  #beginCommit(): Commit | null {
    const batch = this.#takeBatch();
    if (batch.length === 0) return null;
    this.#begunAt = performance.now();
    return { batch, committing: this.#commitUntilDone(batch) };
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

  /** Null when the process ends first. */
  async #commitUntilDone(batch: readonly LogEntry[]): Promise<Appended | null> {
    let append = appendFirst;
    while (!this.#ended) {
      try {
        const appended = await append(this.#connection ?? (await this.#connect()), batch);
        this.#setStorage(true);
        return appended;
      } catch (err) {
        this.#letGo();
        commitFailures.inc();
        if (this.#storageOk) log.error({ err }, 'edits cannot be committed');
        this.#setStorage(false);
        await new Promise<void>((resolve) => setTimeout(resolve, COMMIT_RETRY_MS));
        // Nobody knows what became of the one that failed.
        append = appendAgain;
      }
    }
    return null;
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

function tell(batch: readonly LogEntry[], appended: Appended): void {
  const kept = batch.filter((entry) => appended.has(entry));
  each(batch, (entry) => entry.settle(appended.has(entry) ? 'durable' : 'lease_lost'));
  each(kept, (entry) => entry.acknowledge());
  each(kept, (entry) => entry.show());
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
