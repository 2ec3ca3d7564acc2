import { totalOf } from './function-table.ts';
import { sourceHeat, type LineCost } from './hot-functions.ts';
import { MAX_HEAT_LINES } from './limits.ts';
import type { Profile } from './profile.ts';

type Sum = { readonly file: string; readonly line: number; flat: number; cum: number };

/**
 * What the lines of a program cost in the windows of its run, added up as they come: after each, `lines` is what
 * `sourceHeat` says of all of them merged. Lines beyond `MAX_HEAT_LINES` are left out.
 */
export class HeatSum {
  readonly #sums = new Map<string, Sum>();
  #total = 0;

  /** Adds a window of the same sample types as the others. */
  add(window: Profile): void {
    this.#total += totalOf(window, window.defaultType);
    for (const { file, line, flat, cum } of sourceHeat(window)) {
      const key = `${line} ${file}`;
      const sum = this.#sums.get(key);
      if (sum !== undefined) {
        sum.flat += flat;
        sum.cum += cum;
      } else if (this.#sums.size < MAX_HEAT_LINES) this.#sums.set(key, { file, line, flat, cum });
    }
  }

  /** Dearest (by cum) first. */
  lines(): LineCost[] {
    const total = this.#total || 1;
    return [...this.#sums.values()]
      .map((sum) => ({ ...sum, flatShare: sum.flat / total, cumShare: sum.cum / total }))
      .toSorted((a, b) => b.cum - a.cum || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  }
}
