type Scale = readonly (readonly [factor: number, unit: string])[];

const time: Scale = [
  [3_600e9, 'h'],
  [60e9, 'min'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];
/** Powers of 1024 under the names that `go tool pprof` gives them. */
const memory: Scale = [
  [1024 ** 4, 'TB'],
  [1024 ** 3, 'GB'],
  [1024 ** 2, 'MB'],
  [1024, 'kB'],
  [1, 'B'],
];
const nanosecondsIn: Readonly<Record<string, number>> = {
  nanoseconds: 1,
  ns: 1,
  microseconds: 1e3,
  us: 1e3,
  milliseconds: 1e6,
  ms: 1e6,
  seconds: 1e9,
  s: 1e9,
};
const bytesIn: Readonly<Record<string, number>> = { bytes: 1, byte: 1, b: 1, kilobytes: 1024, kb: 1024 };

/** A sample's value for people: `1.25 s`, `3.4 MB`, `12,034`, at most three figures after the first that count. */
export function formatValue(value: number, unit: string, locale?: string): string {
  const key = unit.toLowerCase();
  const nanoseconds = nanosecondsIn[key];
  if (nanoseconds !== undefined) return scaled(value * nanoseconds, time, locale);
  const bytes = bytesIn[key];
  if (bytes !== undefined) return scaled(value * bytes, memory, locale);
  const number = new Intl.NumberFormat(locale).format(value);
  return key === 'count' || key === '' || key === 'objects' ? number : `${number} ${unit}`;
}

/** A part as percent: `41.2 %`; what is there but below a tenth is `< 0.1 %`. */
export function formatShare(share: number, locale?: string): string {
  const size = Math.abs(share);
  if (size > 0 && size < 0.0005) return '< 0.1 %';
  const digits = size >= 0.9995 ? 0 : 1;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(share * 100);
  return `${number} %`;
}

function scaled(value: number, scale: Scale, locale: string | undefined): string {
  const size = Math.abs(value);
  const [factor, unit] = scale.find(([least]) => size >= least) ?? scale.at(-1) ?? [1, ''];
  const number = value / factor;
  const digits = Number.isInteger(number) ? 0 : Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(number)} ${unit}`;
}
