/** SQLSTATE classes of a server that cannot serve: connection lost, out of disk or connections, shutting down. */
const cannotServe = /^(08|53|57P0)/;
const noConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
const DISK_FULL = '53100';

/** What a person is told when the database is the reason of an error, or of what caused it; null otherwise. */
export function databaseTrouble(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (code === DISK_FULL)
      return 'The disk of the server is full, so nothing can be saved. Tell whoever runs it; what was shown as saved is safe.';
    if (cannotServe.test(code) || noConnection.has(code))
      return 'The database does not answer. Try again in a moment; what was shown as saved is safe.';
  }
  return null;
}
