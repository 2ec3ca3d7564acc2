const FIRST_MS = 500;
const LONGEST_MS = 8_000;

/**
 * How long to wait before try number `attempt` (from 1). Doubles to a ceiling; `random` (0..1) spreads a whole class
 * that lost one server, so that it does not come back in one instant.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(ceiling * (0.5 + random / 2));
}
