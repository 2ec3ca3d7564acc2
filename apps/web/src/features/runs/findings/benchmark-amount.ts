const scales = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
] as const;
/** Values with three digits that count; a benchmark is not more exact. */
const rounded = (value: number): number => Number(value.toPrecision(3));

/** A value of a benchmark; seconds are brought to the unit in which they are read. */
export function benchmarkAmount(value: number, unit: string, number: (value: number) => string): string {
  if (!unit.startsWith('sec/')) return number(rounded(value));
  const [scale, name] = scales.find(([least]) => Math.abs(value) >= least) ?? [1e-9, 'ns'];
  return `${number(rounded(value / scale))} ${name}`;
}

/** Less time and less memory are better; of throughput, more. */
export const isBetter = (change: number, unit: string): boolean =>
  /\/s$/.test(unit) ? change > 0 : change < 0;
