import { useState } from 'react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { cx } from '../../../shared/ui/index.ts';
import { Pills } from '../../../shared/ui/pills.tsx';
import type { RunFold } from '../fold-run.ts';
import findings from './findings.module.css';
import { QuietNote } from './quiet-note.tsx';
import table from './runtime-pane.module.css';
import {
  amountOf,
  medianOf,
  mostOfSweep,
  sweepMeasures,
  sweepRows,
  sweepUnits,
  type SweepMeasure,
  type SweepRow,
} from './sweep-figures.ts';
import css from './sweep-pane.module.css';
import { useAmount } from './use-amount.ts';

type Props = { fold: Pick<RunFold, 'sweep' | 'given' | 'end'> };

/** One program over a parameter: every run as a mark on one scale, and the same as a table. */
export function SweepPane({ fold: { sweep, given, end } }: Props) {
  const { t } = useTranslation('findings');
  const [chosen, setChosen] = useState<SweepMeasure>('wall');
  const rows = sweepRows(sweep);
  // Without the signal that counts them there are none to compare.
  const measures = sweepMeasures.filter((one) => one !== 'collections' || sweep.some((p) => p.gcCycles > 0));
  const measure = measures.includes(chosen) ? chosen : 'wall';
  const asked = given?.sweep ?? null;
  const name = asked === null || asked.parameter === 'argument' ? t('sweep.argument') : asked.parameter;
  const wanted = asked === null ? sweep.length : asked.values.length * (asked.repeat ?? 1);
  return (
    <div className={findings.withTools}>
      <div className={findings.tools}>
        <Pills
          label={t('sweep.measure')}
          items={measures.map((id) => ({ id, name: t(`sweep.of.${id}`) }))}
          chosen={measure}
          onChoose={(id) => setChosen(measures.find((one) => one === id) ?? 'wall')}
        />
        {end === null && <span role="status">{t('sweep.progress', { done: sweep.length, wanted })}</span>}
      </div>
      <div className={findings.pane} role="region" tabIndex={0} aria-label={t('sweep.title')}>
        <Chart {...{ rows, measure, name }} />
        <SweepTable {...{ rows, measures, name }} />
        <QuietNote quiet={end?.quiet} />
      </div>
    </div>
  );
}

type ChartProps = { rows: readonly SweepRow[]; measure: SweepMeasure; name: string };

/** A row for each value: a bar to the median, a dot for each run, a cross for one that did not pass. */
function Chart({ rows, measure, name }: ChartProps) {
  const { t } = useTranslation('findings');
  const amount = useAmount();
  const unit = sweepUnits[measure];
  const most = mostOfSweep(
    rows.flatMap(({ points }) => points),
    measure,
  );
  const part = (value: number): string => `${(value / most) * 100}%`;
  const said = rows.map((row) => {
    const median = medianOf(row, measure);
    return `${row.value}: ${median === null ? t('sweep.nonePassed') : amount(median, unit)}`;
  });
  return (
    <figure
      className={css.chart}
      role="img"
      aria-label={t('sweep.picture', { what: t(`sweep.of.${measure}`), name, values: said.join('; ') })}
    >
      {rows.map((row) => {
        const median = medianOf(row, measure);
        return (
          <div key={row.value} className={css.row}>
            <code className={css.value}>{row.value}</code>
            <span className={css.track}>
              {median !== null && <span className={css.bar} style={{ width: part(median) }} />}
              {row.points.map((point) => (
                <span
                  key={point.attempt}
                  className={cx(css.mark, point.verdict !== 'passed' && css.failed)}
                  style={{ insetInlineStart: part(amountOf(point, measure)) }}
                >
                  {point.verdict === 'passed' ? '' : '×'}
                </span>
              ))}
            </span>
            <span className={css.amount}>
              {median === null ? t('sweep.nonePassed') : amount(median, unit)}
            </span>
          </div>
        );
      })}
    </figure>
  );
}

type TableProps = { rows: readonly SweepRow[]; measures: readonly SweepMeasure[]; name: string };

function SweepTable({ rows, measures, name }: TableProps) {
  const { t } = useTranslation('findings');
  const { t: run } = useTranslation('runs');
  const { number } = useFormat();
  const amount = useAmount();
  const [first] = rows;
  const base = first === undefined ? null : medianOf(first, 'wall');
  return (
    <table className={table.table}>
      <caption className="ln-hidden">{t('sweep.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          {measures.map((measure) => (
            <th key={measure} scope="col">
              {t(`sweep.median.${measure}`)}
            </th>
          ))}
          <th scope="col">{t('sweep.ratio')}</th>
          <th scope="col">{t('sweep.runs')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const wall = medianOf(row, 'wall');
          const failed = row.points.filter(({ verdict }) => verdict !== 'passed');
          return (
            <tr key={row.value}>
              <th scope="row">
                <code>{row.value}</code>
              </th>
              {measures.map((measure) => {
                const median = medianOf(row, measure);
                return <td key={measure}>{median === null ? '—' : amount(median, sweepUnits[measure])}</td>;
              })}
              <td>
                {wall === null || base === null || base === 0
                  ? '—'
                  : t('sweep.times', { n: number(Math.round((wall / base) * 100) / 100) })}
              </td>
              <td>
                {number(row.points.length)}
                {failed.length > 0 &&
                  ` · ${failed.map(({ verdict, exitCode }) => `${run(`state.${verdict}`)}${exitCode > 0 ? ` (${exitCode})` : ''}`).join(', ')}`}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
