import { describe, expect, it } from 'vitest';
import { fullLayout, isSeen, panes, parseLayout, toggled, usualLayout } from './pane-layout.ts';

describe('the panes of a workspace', () => {
  it('are all in sight at first', () => {
    expect(panes.every((pane) => isSeen(pane, usualLayout))).toBe(true);
  });

  it('leave the page to one when it is full', () => {
    for (const pane of panes)
      expect(panes.filter((other) => isSeen(other, fullLayout(pane)))).toEqual([pane]);
  });

  it('hide and come back at their usual size', () => {
    for (const pane of ['lesson', 'dock'] as const) {
      const hidden = toggled(pane, usualLayout);
      expect(isSeen(pane, hidden)).toBe(false);
      expect(toggled(pane, hidden)).toEqual(usualLayout);
    }
  });
});

describe('a kept layout', () => {
  it('comes back as it was', () => {
    expect(parseLayout('{"lesson":20,"code":50}')).toEqual({ lesson: 20, code: 50 });
  });

  it('is the usual one when it makes no sense', () => {
    for (const text of [null, 'x', '{}', '[]', '{"lesson":-1,"code":50}', '{"lesson":"20","code":50}']) {
      expect(parseLayout(text)).toBe(usualLayout);
    }
  });
});
