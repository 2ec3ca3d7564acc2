import fs from 'node:fs';
import path from 'node:path';
import { describeMachine, type Machine } from './machine.ts';
import { summarize, type Summary } from './statistics.ts';
import { drawTable } from './table.ts';

export type Target = { readonly of: 'ratio' | 'median' | 'p95' | 'p99' | 'max'; readonly atMost: number };

export type Row = {
  readonly measure: string;
  readonly unit: string;
  readonly ours: Summary;
  readonly peers: Readonly<Record<string, Summary>>;
  /** Our median over the peer's, measured alternately in the same run. */
  readonly ratio?: number;
  readonly ratioInterval95?: readonly [number, number];
  readonly target?: Target;
};

/** A row of what has no peer. @throws RangeError when there are no samples */
export const ownRow = (measure: string, unit: string, samples: readonly number[]): Row => ({
  measure,
  unit,
  ours: summarize(samples),
  peers: {},
});

export type Report = {
  readonly bench: string;
  readonly at: string;
  readonly machine: Machine;
  /** How it was measured, and what the figures do not say. */
  readonly notes: readonly string[];
  readonly rows: readonly Row[];
};

const outDir = path.resolve(import.meta.dirname, '../../out');

/** Prints the table and writes `bench/out/<bench>.json`. */
export function publish(
  bench: string,
  loadBefore: number,
  measured: { rows: readonly Row[]; notes: readonly string[] },
): Report {
  const { rows, notes } = measured;
  const report = { bench, at: new Date().toISOString(), machine: describeMachine(loadBefore), notes, rows };
  fs.mkdirSync(outDir, { recursive: true });
  fs.writeFileSync(path.join(outDir, `${bench}.json`), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${drawTable(report)}\n`);
  return report;
}

/** Whether the row is within its target; null without one, or with too few samples for its percentile. */
export function isMet(row: Row): boolean | null {
  if (row.target === undefined) return null;
  const value = row.target.of === 'ratio' ? row.ratio : row.ours[row.target.of];
  return value === undefined ? null : value <= row.target.atMost;
}
