const FIRST_MS = 250;
const CAP_MS = 8_000;

/** Full jitter: anywhere between now and a bound that doubles to 8 s, so that a restart is no stampede. */
export function reconnectDelay(attempt: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10)));
}
