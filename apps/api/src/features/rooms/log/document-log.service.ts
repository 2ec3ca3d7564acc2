import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { AccountId, WorkspaceId } from '@lineage/contracts';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../../config/index.ts';
import { LogThread } from './log-thread.ts';
import type { LogAnswer, LogAsk, LogQuestion } from './log-requests.ts';

/** Edits that follow each other without a longer pause: from `from` to `to`, with how many each person made. */
export type Stretch = {
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly at: Date;
  readonly until: Date;
  readonly by: readonly { readonly accountId: AccountId; readonly edits: number }[];
};
export type Epoch = { readonly epoch: number; readonly at: Date; readonly accountId: AccountId };

type StretchRow = {
  epoch: number;
  from: number;
  to: number;
  at: Date;
  until: Date;
  account_id: AccountId;
  edits: number;
  stretch: string;
};

/**
 * Reads the logs that rooms keep. What takes long is done by workers: one looks back for people, the other compacts, so
 * that neither waits for the other.
 */
@Injectable()
export class DocumentLog implements OnApplicationShutdown {
  readonly #past: LogThread;
  readonly #compaction: LogThread;

  constructor(
    @Inject(CONFIG) config: Config,
    @InjectDataSource() private readonly db: DataSource,
  ) {
    const url = config.database.url.reveal();
    this.#past = new LogThread(url);
    this.#compaction = new LogThread(url);
  }

  /** @throws DomainError too_many_requests, too_large, unavailable */
  ask<Q extends Exclude<LogQuestion, 'compact' | 'settle'>>(
    question: Q,
    ask: LogAsk<Q>,
  ): Promise<LogAnswer<Q>> {
    return this.#past.ask(question, ask);
  }

  /** Stores the document as of `seq`, verified; false when another process owns the room by now. */
  async compact(ask: LogAsk<'compact'>): Promise<boolean> {
    return (await this.#compaction.ask('compact', ask)).held;
  }

  /** Stores the state at `seq` of a log that nobody appends to meanwhile, so that loading it replays nothing. */
  async settle(ask: LogAsk<'settle'>): Promise<void> {
    await this.#compaction.ask('settle', ask);
  }

  async countEdits(workspaceId: WorkspaceId): Promise<number> {
    const [row] = await this.db.query<{ edits: number }[]>(
      'SELECT count(*)::int AS edits FROM room_log WHERE workspace_id = $1',
      [workspaceId],
    );
    return row?.edits ?? 0;
  }

  /** All edits of a workspace in stretches of at most `most` edits; a pause of `pauseMs` ends one too. */
  async stretches(workspaceId: WorkspaceId, most: number, pauseMs: number): Promise<Stretch[]> {
    const rows = await this.db.query<StretchRow[]>(STRETCHES, [workspaceId, most, pauseMs]);
    const stretches = Map.groupBy(rows, ({ stretch }) => stretch);
    return [...stretches.values()].map((parts) => ({
      epoch: parts[0]?.epoch ?? 0,
      from: Math.min(...parts.map(({ from }) => from)),
      to: Math.max(...parts.map(({ to }) => to)),
      at: new Date(Math.min(...parts.map(({ at }) => at.getTime()))),
      until: new Date(Math.max(...parts.map(({ until }) => until.getTime()))),
      by: parts.map(({ account_id, edits }) => ({ accountId: account_id, edits })),
    }));
  }

  /** How many pauses of at least `pauseMs` the life of a workspace has. */
  async countPauses(workspaceId: WorkspaceId, pauseMs: number): Promise<number> {
    const [row] = await this.db.query<{ pauses: number }[]>(
      `SELECT count(*) FILTER (WHERE at - before >= $2 * interval '1 millisecond')::int AS pauses FROM (
         SELECT at, lag(at) OVER (ORDER BY epoch, seq) AS before FROM room_log WHERE workspace_id = $1
       ) AS edits`,
      [workspaceId, pauseMs],
    );
    return row?.pauses ?? 0;
  }

  /** Everybody who edited. */
  async authors(workspaceId: WorkspaceId): Promise<AccountId[]> {
    const rows = await this.db.query<{ account_id: AccountId }[]>(
      'SELECT DISTINCT account_id FROM room_log WHERE workspace_id = $1',
      [workspaceId],
    );
    return rows.map(({ account_id }) => account_id);
  }

  /** Every later epoch: when it began and by whom. */
  async resets(workspaceId: WorkspaceId): Promise<Epoch[]> {
    const rows = await this.db.query<{ epoch: number; at: Date; account_id: AccountId }[]>(
      'SELECT epoch, at, account_id FROM room_reset WHERE workspace_id = $1 ORDER BY epoch',
      [workspaceId],
    );
    return rows.map(({ epoch, at, account_id }) => ({ epoch, at, accountId: account_id }));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#past.end(), this.#compaction.end()]);
  }
}

const STRETCHES = `
  WITH edits AS (
    SELECT epoch, seq, account_id, at, (seq - 1) / $2::int AS part,
      coalesce(at - lag(at) OVER (ORDER BY epoch, seq) >= $3 * interval '1 millisecond', true) AS paused
      FROM room_log WHERE workspace_id = $1
  ), numbered AS (
    SELECT *, count(*) FILTER (WHERE paused) OVER (ORDER BY epoch, seq) AS pauses FROM edits
  )
  SELECT epoch, min(seq) AS "from", max(seq) AS "to", min(at) AS at, max(at) AS until, account_id,
    count(*)::int AS edits, epoch || ' ' || pauses || ' ' || part AS stretch
    FROM numbered GROUP BY epoch, pauses, part, account_id ORDER BY epoch, min(seq)`;
