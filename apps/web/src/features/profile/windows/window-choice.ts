/** One part of a run, as its CPU profile was told while the program ran. */
export type ProfileWindow = {
  readonly number: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** A gzipped profile in base64. */
  readonly profile: string;
  /** Windows before it that were not told. */
  readonly leftOut: number;
};

/** Which windows are shown: all so far, the one that came last, or the one with this number. */
export type WindowChoice = 'all' | 'latest' | number;

/** First and last place of what is shown; null without a window. One that is not there is the latest. */
export function rangeOf(
  choice: WindowChoice,
  windows: readonly Pick<ProfileWindow, 'number'>[],
): { from: number; to: number } | null {
  const last = windows.length - 1;
  if (last < 0) return null;
  if (choice === 'all') return { from: 0, to: last };
  const at = choice === 'latest' ? last : windows.findIndex(({ number }) => number === choice);
  return at < 0 ? { from: last, to: last } : { from: at, to: at };
}

/** Place of the window at a part (0..1) of the time that all of them took. */
export function windowAt(part: number, windows: readonly ProfileWindow[]): number {
  const [start, end] = [windows[0]?.fromMs ?? 0, windows.at(-1)?.toMs ?? 0];
  const atMs = start + Math.min(1, Math.max(0, part)) * (end - start);
  const at = windows.findIndex(({ toMs }) => atMs <= toMs);
  return at < 0 ? windows.length - 1 : at;
}

/** How many cores a window kept busy, on average. */
export function coresOf({ fromMs, toMs }: ProfileWindow, cpuNanos: number): number {
  return toMs > fromMs ? cpuNanos / 1e6 / (toMs - fromMs) : 0;
}

/** The bytes of a window's profile. */
export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
