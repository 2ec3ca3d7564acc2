import type { GcRecord, MetricsSample } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import css from './runtime-pane.module.css';
import { lastOf, measures, mostOf, pathOf, seriesOf, unitOf } from './series.ts';
import { useAmount } from './use-amount.ts';

/** Rows of a table; a program that collects a thousand times has them in its output. */
const ROWS = 200;
const WIDTH = 240;
const HEIGHT = 44;

type Props = { metrics: readonly MetricsSample[]; gc: readonly GcRecord[] };

/** What the Go runtime said of itself while the program ran: small pictures that grow, and its collections. */
export function RuntimePane({ metrics, gc }: Props) {
  const { t } = useTranslation('findings');
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('runtime')}>
      {metrics.length > 0 && (
        <>
          <div className={css.pictures}>
            {measures.map((measure) => (
              <Picture key={measure} measure={measure} samples={metrics} />
            ))}
          </div>
          <SampleTable samples={metrics} />
        </>
      )}
      {gc.length > 0 && <GcTable records={gc} />}
    </div>
  );
}

type PictureProps = { measure: (typeof measures)[number]; samples: readonly MetricsSample[] };

function Picture({ measure, samples }: PictureProps) {
  const { t } = useTranslation('findings');
  const amount = useAmount();
  const series = seriesOf(measure, samples);
  const unit = unitOf[measure];
  const [now, most] = [amount(lastOf(series), unit), amount(mostOf(series), unit)];
  return (
    <figure className={css.picture}>
      <figcaption>
        <span>{t(`measure.${measure}`)}</span> <strong>{now}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('pictureOf', { what: t(`measure.${measure}`), now, most })}
      >
        <path d={pathOf(series, WIDTH, HEIGHT)} vectorEffect="non-scaling-stroke" />
      </svg>
      <span className={css.most}>{t('most', { most })}</span>
    </figure>
  );
}

function SampleTable({ samples }: { samples: readonly MetricsSample[] }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const amount = useAmount();
  const all = measures.map((measure) => ({ measure, series: seriesOf(measure, samples) }));
  const from = Math.max(0, samples.length - ROWS);
  return (
    <details className={css.details}>
      <summary>{t('asTable')}</summary>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('at')}</th>
            {measures.map((measure) => (
              <th key={measure} scope="col">
                {t(`measure.${measure}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.slice(from).map((sample, at) => (
            <tr key={from + at}>
              <th scope="row">{t('ms', { n: number(Math.round(sample.atMs)) })}</th>
              {all.map(({ measure, series }) => (
                <td key={measure}>{amount(series.points[from + at]?.[1] ?? 0, unitOf[measure])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function GcTable({ records }: { records: readonly GcRecord[] }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const amount = useAmount();
  return (
    <section>
      <h3>{t('collections', { count: records.length })}</h3>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('gc.number')}</th>
            <th scope="col">{t('at')}</th>
            <th scope="col">{t('gc.pauses')}</th>
            <th scope="col">{t('gc.mark')}</th>
            <th scope="col">{t('gc.heap')}</th>
            <th scope="col">{t('gc.goal')}</th>
            <th scope="col">{t('gc.cpu')}</th>
          </tr>
        </thead>
        <tbody>
          {records.slice(-ROWS).map((record, at) => (
            <tr key={at}>
              <th scope="row">
                {number(record.number)}
                {record.forced && ` (${t('gc.forced')})`}
              </th>
              <td>{amount(record.atS * 1000, 'ms')}</td>
              <td>{amount(record.clockMs.sweep + record.clockMs.end, 'ms')}</td>
              <td>{amount(record.clockMs.mark, 'ms')}</td>
              <td>
                {t('gc.heapOf', {
                  start: number(record.heapMib.start),
                  end: number(record.heapMib.end),
                  live: number(record.heapMib.live),
                })}
              </td>
              <td>{t('mib', { n: number(record.heapMib.goal) })}</td>
              <td>{t('percent', { n: number(record.cpuPercent) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
