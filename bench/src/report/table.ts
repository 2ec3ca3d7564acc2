import { isMet, type Report, type Row } from './report.ts';
import type { Summary } from './statistics.ts';

const heads = ['measure', 'whose', 'unit', 'median', 'min', 'max', 'p95', 'p99', 'samples'];

/** The figures for a terminal, with what they were measured on. */
export function drawTable({ bench, machine, rows, notes }: Report): string {
  const cells = rows.flatMap((row) => [
    cellsOf(row, 'ours', row.ours),
    ...Object.entries(row.peers).map(([name, summary]) => cellsOf(row, name, summary)),
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const draw = (line: readonly string[]): string =>
    line.map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return [
    '',
    bench,
    '',
    draw(heads),
    draw(widths.map((width) => '-'.repeat(width))),
    ...cells.map(draw),
    '',
    ...rows.flatMap(verdict),
    ...notes.map((note) => `· ${note}`),
    `· ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}; load average ${machine.loadBefore} before, ${machine.loadAfter} after`,
    '',
  ].join('\n');
}

function cellsOf({ measure, unit }: Row, whose: string, summary: Summary): string[] {
  const { median, min, max, p95, p99, samples } = summary;
  return [measure, whose, unit, ...[median, min, max, p95, p99].map(figure), String(samples)];
}

function figure(value: number | undefined): string {
  if (value === undefined) return '–';
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

function verdict(row: Row): string[] {
  const { measure, ratio, ratioInterval95: interval, target } = row;
  const lines: string[] = [];
  if (ratio !== undefined) {
    const range =
      interval === undefined ? '' : ` (95 % interval ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)})`;
    lines.push(`${measure}: ratio of the medians ${ratio.toFixed(3)}${range}`);
  }
  if (target !== undefined) {
    const met = isMet(row);
    const words = met === null ? 'too few samples to say' : met ? 'met' : 'MISSED';
    lines.push(`${measure}: target ${target.of} <= ${target.atMost}: ${words}`);
  }
  return lines;
}
