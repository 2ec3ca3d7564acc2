import pg from 'pg';
// Not by the folder's index: a thread that reads a log needs no TypeORM.
import { connectionOptions } from '../../../database/connection-options.ts';
import { PAGE_BYTES, PAGE_ROWS } from './log-limits.ts';

/** One edit of the log; `at` in milliseconds since 1970. */
export type LogRow = {
  readonly seq: number;
  readonly accountId: string;
  readonly at: number;
  readonly update: Uint8Array;
};
/** The document at `seq`; 0 is the template. */
export type LogBase = { readonly seq: number; readonly state: Uint8Array };
export type LogPlace = { readonly workspaceId: string; readonly epoch: number };

/** Reads the logs of documents on a connection of its own. What is in a log never changes, so no lease is needed. */
export class LogReader {
  readonly #url: string;
  #client: pg.Client | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /** The nearest stored state at `seq` or before. @throws Error when the document has no template */
  async base({ workspaceId, epoch }: LogPlace, seq: number): Promise<LogBase> {
    const [snapshot] = await this.query<{ seq: number; state: Buffer }>(
      'SELECT seq, state FROM room_snapshot WHERE workspace_id = $1 AND epoch = $2 AND seq <= $3 ORDER BY seq DESC LIMIT 1',
      [workspaceId, epoch, seq],
    );
    if (snapshot !== undefined) return snapshot;
    return { seq: 0, state: await this.template({ workspaceId, epoch }) };
  }

  async template({ workspaceId, epoch }: LogPlace): Promise<Uint8Array> {
    const [template] = await this.query<{ state: Buffer }>(
      'SELECT state FROM workspace_template WHERE workspace_id = $1 AND epoch = $2',
      [workspaceId, epoch],
    );
    if (template === undefined) throw new Error('a document without a template');
    return template.state;
  }

  /** Edits after `after` up to `upTo`, in order, so many at a time as may be held. @throws Error when one is missing */
  async *pages({ workspaceId, epoch }: LogPlace, after: number, upTo: number): AsyncGenerator<LogRow[]> {
    let at = after;
    const read = (): Promise<LogRow[]> => {
      const page = this.page({ workspaceId, epoch }, at, Math.min(upTo, at + PAGE_ROWS), PAGE_BYTES);
      // Whoever stops in the middle does not wait for it.
      page.catch(() => undefined);
      return page;
    };
    let next = read();
    while (at < upTo) {
      const rows = await next;
      if (rows.length === 0) return;
      if (rows.some(({ seq }, i) => seq !== at + i + 1)) throw new Error('the log of a document has a hole');
      at = rows.at(-1)?.seq ?? upTo;
      // The database reads while these are replayed.
      if (at < upTo) next = read();
      yield rows;
    }
  }

  /** Edits after `after` up to `upTo`, at least one, then as many as `bytes` hold. */
  async page(place: LogPlace, after: number, upTo: number, bytes: number): Promise<LogRow[]> {
    const rows = await this.query<{ seq: number; account_id: string; at: Date; update: Buffer }>(PAGE, [
      place.workspaceId,
      place.epoch,
      after,
      upTo,
      bytes,
    ]);
    return rows.map((row) => ({
      seq: row.seq,
      accountId: row.account_id,
      at: row.at.getTime(),
      update: row.update,
    }));
  }

  async head({ workspaceId, epoch }: LogPlace): Promise<number> {
    const [row] = await this.query<{ seq: number }>(
      'SELECT seq FROM room_log WHERE workspace_id = $1 AND epoch = $2 ORDER BY seq DESC LIMIT 1',
      [workspaceId, epoch],
    );
    return row?.seq ?? 0;
  }

  /** A failed statement ends the connection; the next one makes another. */
  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> {
    const client = this.#client ?? (await this.#connect());
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } catch (err) {
      await this.end();
      throw err;
    }
  }

  async end(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(connectionOptions(this.#url));
    // Found again by the statement that fails.
    client.on('error', () => (this.#client = null));
    await client.connect();
    this.#client = client;
    return client;
  }
}

const PAGE = `
  SELECT seq, account_id, at, "update" FROM (
    SELECT seq, account_id, at, "update", sum(octet_length("update")) OVER (ORDER BY seq) AS bytes
      FROM room_log WHERE workspace_id = $1 AND epoch = $2 AND seq > $3 AND seq <= $4
  ) AS waiting WHERE bytes <= $5 OR seq = $3 + 1 ORDER BY seq`;
