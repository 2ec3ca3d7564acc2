import { describe, expect, it } from 'vitest';
import { defaultLayout, fullLayout, isSeen, panes, parseLayout } from './pane-layout.ts';

describe('the panes of a workspace', () => {
  it('are all in sight at first', () => {
    expect(panes.every((pane) => isSeen(pane, defaultLayout))).toBe(true);
  });

  it('leave the page to one when it is full', () => {
    for (const pane of panes)
      expect(panes.filter((other) => isSeen(other, fullLayout(pane)))).toEqual([pane]);
  });
});

describe('a kept layout', () => {
  it('comes back as it was', () => {
    const layout = { outer: { lesson: 20, main: 80 }, inner: { code: 50, dock: 50 } };
    expect(parseLayout(JSON.stringify(layout))).toEqual(layout);
  });

  it('is the default when it makes no sense', () => {
    for (const text of [
      null,
      'x',
      '{}',
      '{"outer":{"lesson":-1,"main":101},"inner":{"code":50,"dock":50}}',
    ]) {
      expect(parseLayout(text)).toBe(defaultLayout);
    }
  });
});
