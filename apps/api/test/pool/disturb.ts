import { setTimeout as sleep } from 'node:timers/promises';

const LEAST_PAUSE_MS = 500;
const LONGER_PAUSE_MS = 2_500;

/** Resolves when it has happened. */
export type Disturbance = () => Promise<void>;

/** Disturbs until told to end: round after round each kind once, in an order by chance. `counts` says how often each happened. */
export async function disturb(
  kinds: readonly (readonly [name: string, act: Disturbance])[],
  pick: (below: number) => number,
  signal: AbortSignal,
  counts: Map<string, number>,
): Promise<void> {
  let round: (readonly [string, Disturbance])[] = [];
  while (!signal.aborted) {
    if (round.length === 0) round = [...kinds];
    for (const [name, act] of round.splice(pick(round.length), 1)) {
      await act();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    await sleep(LEAST_PAUSE_MS + pick(LONGER_PAUSE_MS));
  }
}
