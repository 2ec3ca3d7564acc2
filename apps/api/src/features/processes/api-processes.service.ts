import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type Config } from '../../config/index.ts';
import { connectionOptions } from '../../database/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { log } from '../../platform/logging/index.ts';
import { ALIVE_FOR_MS, FORGET_AFTER_MS, RENEW_EVERY_MS, RENEW_TIMEOUT_MS } from './process-limits.ts';
import { lateRenewals } from './process-metrics.ts';

/** An API process, and where the others reach it. */
export type Peer = { readonly id: string; readonly address: string };

/** Says that this process lives, as long as it does. With one process alone it says nothing, and nothing is asked of it. */
@Injectable()
export class ApiProcesses implements OnApplicationShutdown {
  /** Null while this process is the only one, by the settings. */
  readonly self: string | null;
  readonly #url: string;
  readonly #onLate = new Set<() => Promise<void>>();
  readonly #onBeat = new Set<() => Promise<void>>();
  #client: pg.Client | null = null;
  #address = '';
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();
  #renewedAt = 0;
  #stopped = false;

  constructor(@Inject(CONFIG) config: Config) {
    this.self = config.peer === null ? null : newId<string>();
    this.#url = config.database.url.reveal();
  }

  /** Called when a heartbeat came so late that other processes may have taken this one for dead. */
  onLate(listener: () => Promise<void>): void {
    this.#onLate.add(listener);
  }

  /** Called after each heartbeat that was told. */
  onBeat(listener: () => Promise<void>): void {
    this.#onBeat.add(listener);
  }

  /** Another process that lives, or null. */
  async find(id: string): Promise<Peer | null> {
    const { rows } = await (this.#client ?? (await this.#connect())).query<Peer>(
      'SELECT id, address FROM api_process WHERE id = $1 AND alive_until > clock_timestamp()',
      [id],
    );
    return rows[0] ?? null;
  }

  /** Where others reach this process; empty while it is alone. */
  get address(): string {
    return this.#address;
  }

  /** Every other process that lives. */
  async others(): Promise<Peer[]> {
    if (this.self === null) return [];
    const { rows } = await (this.#client ?? (await this.#connect())).query<Peer>(
      'SELECT id, address FROM api_process WHERE id <> $1 AND alive_until > clock_timestamp() ORDER BY address',
      [this.self],
    );
    return rows;
  }

  /** From now on this process is alive, and others reach it at `address`. */
  async enter(address: string): Promise<void> {
    this.#address = address;
    await this.#renew();
    this.#schedule();
  }

  /** Ends with the last statement of the last heartbeat. Leases have to be given back before. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#beating;
    try {
      await this.#client?.query('DELETE FROM api_process WHERE id = $1', [this.self]);
    } catch (err) {
      log.info({ err }, 'this process was not signed off; the others notice by themselves');
    }
    await this.#letGo();
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().finally(() => this.#schedule());
    }, RENEW_EVERY_MS).unref();
  }

  async #beat(): Promise<void> {
    try {
      const late = await this.#renew();
      if (late) {
        lateRenewals.inc();
        log.warn('this process was late to say that it lives; rooms may be held by others by now');
        tell(this.#onLate);
      }
      tell(this.#onBeat);
    } catch (err) {
      log.warn({ err }, 'heartbeat of this process not told');
      await this.#letGo();
    }
  }

  /** True when others may have seen this process dead meanwhile. */
  async #renew(): Promise<boolean> {
    const client = this.#client ?? (await this.#connect());
    const begunAt = performance.now();
    const { rows } = await client.query<{ inserted: boolean }>(RENEW, [
      this.self,
      this.#address,
      ALIVE_FOR_MS,
      FORGET_AFTER_MS,
    ]);
    const late = this.#renewedAt > 0 && performance.now() - this.#renewedAt > ALIVE_FOR_MS;
    // By the earlier of the two clocks' readings: the row may be older than the answer.
    const forgotten = this.#renewedAt > 0 && rows[0]?.inserted === true;
    this.#renewedAt = begunAt;
    return late || forgotten;
  }

  /** A connection of its own: a pool that is busy must not make this process look dead. */
  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...connectionOptions(this.#url),
      application_name: `lineage-heartbeat ${this.self}`,
      connectionTimeoutMillis: RENEW_TIMEOUT_MS,
      query_timeout: RENEW_TIMEOUT_MS,
    });
    client.on('error', (err) => log.warn({ err }, 'heartbeat connection lost'));
    await client.connect();
    this.#client = client;
    return client;
  }

  async #letGo(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }
}

/** The next heartbeat waits for nobody. */
function tell(listeners: ReadonlySet<() => Promise<void>>): void {
  for (const listener of listeners)
    listener().catch((err: unknown) => log.error({ err }, 'what a heartbeat asked for was not done'));
}

/** Renews the row or makes it again; whoever had this address before is gone, and so are rows that nobody renews. */
const RENEW = `
  WITH gone AS (
    DELETE FROM api_process
    WHERE id <> $1 AND (address = $2 OR alive_until < clock_timestamp() - $4 * interval '1 millisecond')
  )
  INSERT INTO api_process (id, address, started_at, alive_until)
  VALUES ($1, $2, clock_timestamp(), clock_timestamp() + $3 * interval '1 millisecond')
  ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until
  RETURNING xmax = 0 AS inserted`;
