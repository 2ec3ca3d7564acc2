/** The panes of a workspace. */
export const panes = ['lesson', 'code', 'dock'] as const;
export type Pane = (typeof panes)[number];

/** The lesson's part of the width, and the code's part of the height beside it, in percent. 0 and 100 hide. */
export type PaneLayout = { readonly lesson: number; readonly code: number };

export const usualLayout: PaneLayout = { lesson: 30, code: 62 };

/** The layout in which one pane has everything. */
export function fullLayout(pane: Pane): PaneLayout {
  return { lesson: pane === 'lesson' ? 100 : 0, code: pane === 'dock' ? 0 : 100 };
}

/** Whether a pane can be seen in a layout. */
export function isSeen(pane: Pane, { lesson, code }: PaneLayout): boolean {
  if (pane === 'lesson') return lesson > 0;
  return lesson < 100 && (pane === 'code' ? code > 0 : code < 100);
}

/** The layout with the lesson or the dock hidden when it was seen, and at its usual size when it was not. */
export function toggled(pane: 'lesson' | 'dock', layout: PaneLayout): PaneLayout {
  const seen = isSeen(pane, layout);
  if (pane === 'lesson') return { ...layout, lesson: seen ? 0 : usualLayout.lesson };
  return { ...layout, code: seen ? 100 : usualLayout.code };
}

/** A layout that was kept, or the usual one when there is none or it makes no sense. */
export function parseLayout(text: string | null): PaneLayout {
  if (text === null) return usualLayout;
  try {
    const value: unknown = JSON.parse(text);
    return isLayout(value) ? { lesson: value.lesson, code: value.code } : usualLayout;
  } catch {
    // Somebody else's text under our key: the usual layout is as good.
    return usualLayout;
  }
}

function isLayout(value: unknown): value is PaneLayout {
  if (typeof value !== 'object' || value === null || !('lesson' in value) || !('code' in value)) return false;
  return [value.lesson, value.code].every((part) => typeof part === 'number' && part >= 0 && part <= 100);
}
