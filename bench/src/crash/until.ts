import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/** Waits until `holds` says yes; resolves to the milliseconds it took. @throws Error after `deadlineMs` */
export async function until(what: string, deadlineMs: number, holds: () => boolean): Promise<number> {
  const beganAt = performance.now();
  while (!holds()) {
    if (performance.now() - beganAt > deadlineMs)
      throw new Error(`not within ${deadlineMs / 1000} s: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
  return performance.now() - beganAt;
}
