import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AccountId, accountIdSchema } from '@lineage/contracts';
import pg from 'pg';
import { z } from 'zod';
import { CONFIG, type Config } from '../../config/index.ts';
import { connectionOptions } from '../../database/index.ts';
import { type DomainEventMap, DomainEvents } from '../../platform/events/index.ts';
import { log } from '../../platform/logging/index.ts';
import { ApiProcesses } from './api-processes.service.ts';
import { RENEW_TIMEOUT_MS } from './process-limits.ts';

const CHANNEL = 'lineage_access';
/** A payload of NOTIFY has 8,000 bytes at most; an account's id has 40. */
const MOST_ACCOUNTS = 100;
const LISTEN_AGAIN_MS = 500;
/** A connection that hears nothing may be a dead one: it is asked this often. */
const LISTEN_CHECK_MS = 3_000;
/** Notices that wait for a connection; with more than this the database has been away for long, and others ask anew anyway. */
const MOST_UNTOLD = 1_000;

const noticeSchema = z.discriminatedUnion('name', [
  z.object({
    from: z.string(),
    name: z.literal('permissions.changed'),
    event: z.object({ accountIds: z.array(accountIdSchema) }),
  }),
  z.object({
    from: z.string(),
    name: z.literal('login.ended'),
    event: z.object({ accountId: accountIdSchema, loginId: z.string().nullable() }),
  }),
]);

/**
 * What ends a login or changes what somebody may do, told to every process by PostgreSQL, which knows it first. When the
 * connection was away, listeners are told that they may have missed something.
 */
@Injectable()
export class SharedEvents implements OnApplicationShutdown {
  #client: pg.Client | null = null;
  #stopped = false;
  #stop: (() => void)[] = [];
  #again: NodeJS.Timeout | null = null;
  #checking: NodeJS.Timeout | null = null;
  readonly #onGap = new Set<() => Promise<void>>();
  #untold: string[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly processes: ApiProcesses,
    private readonly events: DomainEvents,
  ) {}

  /** Called when notices may have been missed: ask again about everybody who is here. */
  onGap(listener: () => Promise<void>): void {
    this.#onGap.add(listener);
  }

  async start(): Promise<void> {
    if (this.processes.self === null) return;
    this.#stop = [
      this.events.forward('permissions.changed', (event) => this.#tellChanged(event)),
      this.events.forward('login.ended', (event) => this.#notify('login.ended', event)),
    ];
    await this.#listen();
    this.#checking = setInterval(() => this.#check(), LISTEN_CHECK_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    for (const stop of this.#stop) stop();
    if (this.#again !== null) clearTimeout(this.#again);
    if (this.#checking !== null) clearInterval(this.#checking);
    await this.#client?.end().catch(() => undefined);
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      ...connectionOptions(this.config.database.url.reveal()),
      application_name: `lineage-notices ${this.processes.self}`,
      connectionTimeoutMillis: RENEW_TIMEOUT_MS,
      query_timeout: RENEW_TIMEOUT_MS,
    });
    client.on('notification', ({ payload }) => this.#received(payload ?? ''));
    client.on('error', (err) => this.#lost(client, err));
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    this.#client = client;
  }

  #check(): void {
    const client = this.#client;
    client?.query('SELECT 1').catch((err: unknown) => this.#lost(client, err));
  }

  #lost(client: pg.Client, err: unknown): void {
    if (this.#client !== client || this.#stopped) return;
    log.warn({ err }, 'notices of other processes are not heard for a moment');
    this.#client = null;
    client.end().catch(() => undefined);
    this.#listenLater();
  }

  #listenLater(): void {
    if (this.#stopped) return;
    this.#again = setTimeout(() => {
      this.#listen().then(
        () => this.#mindGap(),
        () => this.#listenLater(),
      );
    }, LISTEN_AGAIN_MS).unref();
  }

  async #mindGap(): Promise<void> {
    log.info('notices of other processes are heard again');
    await this.#tellUntold();
    for (const listener of this.#onGap)
      await listener().catch((err: unknown) => log.error({ err }, 'permissions not asked again'));
  }

  #received(payload: string): void {
    try {
      const { from, name, event } = noticeSchema.parse(JSON.parse(payload));
      if (from === this.processes.self) return;
      if (name === 'permissions.changed') this.events.receive(name, event);
      else this.events.receive(name, event);
    } catch (err) {
      log.error({ err }, 'notice of another process not understood');
    }
  }

  async #tellChanged({ accountIds }: { accountIds: readonly AccountId[] }): Promise<void> {
    for (let at = 0; at < accountIds.length; at += MOST_ACCOUNTS)
      await this.#notify('permissions.changed', { accountIds: accountIds.slice(at, at + MOST_ACCOUNTS) });
  }

  async #notify<K extends 'permissions.changed' | 'login.ended'>(
    name: K,
    event: DomainEventMap[K],
  ): Promise<void> {
    this.#untold.push(JSON.stringify({ from: this.processes.self, name, event }));
    if (this.#untold.length > MOST_UNTOLD) this.#untold.shift();
    await this.#tellUntold();
  }

  /** What cannot be told now is told with the next connection; twice does no harm. */
  async #tellUntold(): Promise<void> {
    const payloads = this.#untold;
    if (this.#client === null || payloads.length === 0) return;
    this.#untold = [];
    try {
      await this.#client.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS t(payload)', [
        CHANNEL,
        payloads,
      ]);
    } catch (err) {
      log.warn({ err }, 'notice to other processes waits for the database');
      this.#untold = [...payloads, ...this.#untold].slice(-MOST_UNTOLD);
    }
  }
}
