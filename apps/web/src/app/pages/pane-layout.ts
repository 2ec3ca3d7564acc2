/** The panes of a workspace. */
export const panes = ['lesson', 'code', 'dock'] as const;
export type Pane = (typeof panes)[number];

/** How much of the page (lesson | main) and of its right part (code / dock) each pane has, in percent. */
export type PaneLayout = {
  readonly outer: { lesson: number; main: number };
  readonly inner: { code: number; dock: number };
};

export const defaultLayout: PaneLayout = { outer: { lesson: 30, main: 70 }, inner: { code: 62, dock: 38 } };

/** The layout in which one pane has everything. */
export function fullLayout(pane: Pane): PaneLayout {
  return {
    outer: pane === 'lesson' ? { lesson: 100, main: 0 } : { lesson: 0, main: 100 },
    inner: pane === 'dock' ? { code: 0, dock: 100 } : { code: 100, dock: 0 },
  };
}

/** Below this share a pane is not in sight, and must not take the focus. */
const SEEN_FROM_PERCENT = 1;

/** Whether a pane can be seen in a layout. */
export function isSeen(pane: Pane, { outer, inner }: PaneLayout): boolean {
  if (pane === 'lesson') return outer.lesson >= SEEN_FROM_PERCENT;
  return outer.main >= SEEN_FROM_PERCENT && inner[pane] >= SEEN_FROM_PERCENT;
}

/** A layout that was kept, or the default when there is none or it makes no sense. */
export function parseLayout(text: string | null): PaneLayout {
  if (text === null) return defaultLayout;
  try {
    const value: unknown = JSON.parse(text);
    return isLayout(value) ? value : defaultLayout;
  } catch {
    // Somebody else's text under our key: the default is as good.
    return defaultLayout;
  }
}

function isLayout(value: unknown): value is PaneLayout {
  if (typeof value !== 'object' || value === null || !('outer' in value) || !('inner' in value)) return false;
  return isSplit(value.outer, 'lesson', 'main') && isSplit(value.inner, 'code', 'dock');
}

function isSplit(value: unknown, first: string, second: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { [first]: a, [second]: b } = value as Record<string, unknown>;
  return typeof a === 'number' && typeof b === 'number' && a >= 0 && b >= 0 && Math.abs(a + b - 100) < 1;
}
