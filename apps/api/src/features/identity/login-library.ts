import { betterAuth, type Auth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import type { Config } from '../../config/index.ts';
import { connectionOptions } from '../../database/index.ts';

/** The login library has its own schema, so that its migrations and ours cannot meet. */
const AUTH_SCHEMA = 'auth';
/** A login ends after this long without use. */
const LOGIN_SECONDS = 14 * 24 * 60 * 60;
/** One that is used is made to last again when this much of it is over. */
const RENEWAL_SECONDS = 24 * 60 * 60;
/** A login that ends after this long from now needs no renewal yet. */
export const FRESH_LOGIN_MS = (LOGIN_SECONDS - RENEWAL_SECONDS) * 1000;
const POOL_SIZE = 8;

/** Nest token of the login library. */
export const LOGIN_LIBRARY = Symbol('login-library');

export type LoginLibrary = {
  /**
   * Made when it is first asked for, after `migrate`: the library looks at its tables as it is made, and refuses for ever
   * when another process is just making them.
   */
  readonly auth: Auth<BetterAuthOptions>;
  readonly pool: pg.Pool;
  /** Creates or upgrades the library's own tables. Called under the migration lock. */
  migrate(): Promise<void>;
  close(): Promise<void>;
};

/** Passwords, cookies and login rows are the library's work (better-auth); this is its whole configuration. */
export function makeLoginLibrary(config: Config, allowedOrigins: () => string[]): LoginLibrary {
  const connection = connectionOptions(config.database.url.reveal());
  const pool = new pg.Pool({
    ...connection,
    max: POOL_SIZE,
    options: `${connection.options} -c search_path=${AUTH_SCHEMA}`,
  });
  // An idle connection that breaks (the database restarts) is replaced by the pool; without a listener it would end us.
  pool.on('error', () => undefined);
  const options: BetterAuthOptions = {
    appName: 'Lineage',
    basePath: '/api/auth',
    baseURL: allowedOrigins()[0] ?? 'http://127.0.0.1',
    secret: config.identity.secret.reveal(),
    database: pool,
    trustedOrigins: () => allowedOrigins(),
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 128, autoSignIn: true },
    session: { expiresIn: LOGIN_SECONDS, updateAge: RENEWAL_SECONDS },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 120,
      customRules: { '/sign-in/email': { window: 60, max: 20 } },
    },
    advanced: {
      disableOriginCheck: false,
      // A login and its account in one query: every command asks for both.
      database: { joins: true },
      useSecureCookies: config.http.publicUrl?.startsWith('https:') ?? false,
      cookiePrefix: 'lineage',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress:
        config.http.trustedProxies.length > 0
          ? { ipAddressHeaders: ['x-forwarded-for'] }
          : { disableIpTracking: true },
    },
    logger: { disabled: true },
    telemetry: { enabled: false },
  };
  let auth: Auth<BetterAuthOptions> | null = null;
  return {
    get auth() {
      auth ??= betterAuth(options) as Auth<BetterAuthOptions>;
      return auth;
    },
    pool,
    async migrate() {
      await pool.query(`CREATE SCHEMA IF NOT EXISTS ${AUTH_SCHEMA}`);
      const { runMigrations } = await getMigrations(options);
      await runMigrations();
    },
    close: () => pool.end(),
  };
}
