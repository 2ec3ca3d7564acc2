import { setTimeout as sleep } from 'node:timers/promises';

const LEAST_PAUSE_MS = 500;
const LONGER_PAUSE_MS = 2_500;

/** Numbers that a seed decides. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

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
