/** A transaction in which nobody says anything for so long has lost its process, and lets go of what it locks. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** A client whose machine is gone is noticed within 25 s by the server; without this, by Linux's own, after two hours. */
const KEEPALIVE = { idle: 10, interval: 5, count: 3 };

const KEEPALIVE_OPTIONS = Object.entries(KEEPALIVE)
  .map(([name, value]) => `-c tcp_keepalives_${name}=${value}`)
  .join(' ');

/**
 * What every connection to PostgreSQL (`pg`) is made with. A process that was cut off without a farewell (its pod was pulled
 * out, its machine lost power) holds no lock of a class or of a start for long: its end of the connection is never closed, so
 * nothing but the server's own clock can tell.
 */
export const connectionOptions = (url: string) => ({
  connectionString: url,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  options: KEEPALIVE_OPTIONS,
  keepAlive: true,
});
