/** Limits of a split: the least size in pixels of what lies on each side, below which it is hidden. */
export type SplitLimits = { readonly first: number; readonly second: number };

/** Half of the least size: nearer to the edge than this, a side is hidden rather than squeezed. */
const HIDE_BELOW = 0.5;

/** The first side's percentage nearest to the wish that the limits allow, 0 and 100 being hidden sides. */
export function clampSplit(wishPercent: number, wholePixels: number, limits: SplitLimits): number {
  if (wholePixels <= 0) return wishPercent;
  const pixels = (wishPercent / 100) * wholePixels;
  const rest = wholePixels - pixels;
  if (pixels < limits.first)
    return pixels < limits.first * HIDE_BELOW
      ? 0
      : toPercent(Math.min(limits.first, wholePixels), wholePixels);
  if (rest < limits.second)
    return rest < limits.second * HIDE_BELOW
      ? 100
      : toPercent(Math.max(0, wholePixels - limits.second), wholePixels);
  return wishPercent;
}

const toPercent = (pixels: number, whole: number): number => (pixels / whole) * 100;

/** Where a key moves the separator, in percent; null for a key that is not for it. */
export function splitKey(key: string, now: number, sideways: boolean, step: number): number | null {
  if (key === (sideways ? 'ArrowLeft' : 'ArrowUp')) return Math.max(0, now - step);
  if (key === (sideways ? 'ArrowRight' : 'ArrowDown')) return Math.min(100, now + step);
  if (key === 'Home') return 0;
  if (key === 'End') return 100;
  return null;
}
