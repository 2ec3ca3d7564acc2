import type { MetricsSample, SchedRecord } from '@lineage/contracts';

/** One measure over time: pairs of milliseconds and a value. */
export type Series = { readonly points: readonly (readonly [atMs: number, value: number])[] };

/** What is drawn of the runtime's metrics, in this order. */
export const measures = ['goroutines', 'runnable', 'heap', 'allocated', 'gcPause', 'schedLatency'] as const;
export type Measure = (typeof measures)[number];
export type Unit = 'count' | 'bytes' | 'bytesPerSecond' | 'ms';
/** How values of a measure are told. */
export const unitOf: Readonly<Record<Measure, Unit>> = {
  goroutines: 'count',
  runnable: 'count',
  heap: 'bytes',
  allocated: 'bytesPerSecond',
  gcPause: 'ms',
  schedLatency: 'ms',
};

/** Values of a measure, one for each sample; of a total since the start, how fast it grew since the sample before. */
export function seriesOf(measure: Measure, samples: readonly MetricsSample[]): Series {
  return { points: samples.map((sample, at) => [sample.atMs, valueOf(measure, sample, samples[at - 1])]) };
}

function valueOf(measure: Measure, sample: MetricsSample, before: MetricsSample | undefined): number {
  switch (measure) {
    case 'goroutines':
      return sample.goroutines;
    case 'runnable':
      return sample.runnable;
    case 'heap':
      return sample.heapLiveBytes > 0 ? sample.heapLiveBytes : sample.heapObjectsBytes;
    case 'allocated': {
      const seconds = (sample.atMs - (before?.atMs ?? 0)) / 1000;
      const bytes = sample.allocatedBytes - (before?.allocatedBytes ?? 0);
      return seconds > 0 ? Math.max(0, bytes / seconds) : 0;
    }
    case 'gcPause':
      return sample.gcPauseMaxS * 1000;
    case 'schedLatency':
      return sample.schedLatencyP99S * 1000;
  }
}

/** What is drawn of the scheduler's lines, in this order. */
export const schedMeasures = ['waiting', 'busy', 'threads'] as const;
export type SchedMeasure = (typeof schedMeasures)[number];

/** Null for what cannot be drawn over time: a single line, and those of several programs, each of which starts at 0. */
export function schedSeriesOf(measure: SchedMeasure, records: readonly SchedRecord[]): Series | null {
  if (records.length < 2 || records.some(({ atMs }, at) => atMs < (records[at - 1]?.atMs ?? 0))) return null;
  return { points: records.map((record) => [record.atMs, schedValueOf(measure, record)]) };
}

function schedValueOf(measure: SchedMeasure, record: SchedRecord): number {
  switch (measure) {
    case 'waiting':
      return record.localQueues.reduce((sum, queued) => sum + queued, record.globalQueue);
    case 'busy':
      return record.gomaxprocs - record.idleProcs;
    case 'threads':
      return record.threads;
  }
}

export const lastOf = ({ points }: Series): number => points.at(-1)?.[1] ?? 0;
export const mostOf = ({ points }: Series): number =>
  points.reduce((most, [, value]) => Math.max(most, value), 0);

/** An SVG path of the series in a box, from zero at its bottom to the largest value near its top. */
export function pathOf(series: Series, width: number, height: number): string {
  const { points } = series;
  const [first] = points[0] ?? [0];
  const [last] = points.at(-1) ?? [0];
  const span = Math.max(1, last - first);
  const most = Math.max(mostOf(series), Number.MIN_VALUE);
  return points
    .map(([atMs, value], at) => {
      const x = ((atMs - first) / span) * width;
      const y = height - (value / most) * (height - 2) - 1;
      return `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
