import type { Typist } from './typist.ts';

const TICK_MS = 1;
/** Longer than any acknowledgement that still counts as one. */
const LAST_ACKNOWLEDGEMENT_MS = 10_000;

export type Typed = { readonly latencies: readonly number[]; readonly perSecond: number };

/** All type in turn, `perSecond` keystrokes together, on a clock; resolves when the last one is acknowledged. */
export async function typeFor(
  typists: readonly Typist[],
  perSecond: number,
  durationMs: number,
): Promise<Typed> {
  const beganAt = performance.now();
  let typed = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsedMs = Math.min(performance.now() - beganAt, durationMs);
      for (const due = (elapsedMs * perSecond) / 1000; typed < due; typed++)
        typists[typed % typists.length]?.type();
      if (elapsedMs < durationMs) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  const tookMs = performance.now() - beganAt;
  await acknowledged(typists);
  return { latencies: typists.flatMap(({ log }) => log.take()), perSecond: (typed * 1000) / tookMs };
}

/** @throws Error when something stays unacknowledged */
function acknowledged(typists: readonly Typist[]): Promise<void> {
  const deadline = performance.now() + LAST_ACKNOWLEDGEMENT_MS;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const pending = typists.reduce((sum, { log }) => sum + log.pending, 0);
      if (pending === 0) return resolve();
      if (performance.now() > deadline)
        return reject(new Error(`${pending} keystrokes were not acknowledged`));
      setTimeout(look, TICK_MS);
    };
    look();
  });
}
