import { describe, expect, it } from 'vitest';
import { profileFromText } from './fixtures/index.ts';
import { HeatSum } from './heat-sum.ts';
import { sourceHeat } from './hot-functions.ts';
import { MAX_HEAT_LINES } from './limits.ts';
import { mergeProfiles } from './merge-profiles.ts';

describe('heat of windows', () => {
  it('is after each of them that of all so far', async () => {
    const windows = [
      await profileFromText('main.main:3  main.main:3\nmain.sum:8   runtime.gc:5\n=3           =1'),
      await profileFromText('main.main:4\nmain.sum:8\n=6'),
      await profileFromText('runtime.gc:5\n=2'),
    ];
    const heat = new HeatSum();
    expect(heat.lines()).toEqual([]);
    for (const [at, window] of windows.entries()) {
      heat.add(window);
      const merged = mergeProfiles(windows.slice(0, at + 1));
      expect(heat.lines()).toEqual(merged === null ? [] : sourceHeat(merged));
    }
    expect(heat.lines()[0]).toMatchObject({ line: 8, cumShare: 0.75 });
  });

  it('has a limit on lines', async () => {
    const heat = new HeatSum();
    for (let at = 0; at <= MAX_HEAT_LINES; at += 500) {
      const calls = Array.from({ length: 500 }, (_, n) => `main.f:${at + n + 1}`);
      heat.add(await profileFromText(`${calls.join('\n')}\n=1`));
    }
    expect(heat.lines()).toHaveLength(MAX_HEAT_LINES);
  });
});
