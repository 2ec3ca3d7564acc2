import type { MetricsSample } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import type { RunFold } from '../fold-run.ts';
import { GcTable } from './gc-table.tsx';
import { InitTable } from './init-table.tsx';
import { Picture } from './picture.tsx';
import { RecordTable, ROWS } from './record-table.tsx';
import css from './runtime-pane.module.css';
import { SchedRecords } from './sched-records.tsx';
import { measures, seriesOf, unitOf } from './series.ts';
import { useAmount } from './use-amount.ts';
import { useCaption } from './use-caption.ts';

type Props = { fold: Pick<RunFold, 'metrics' | 'gc' | 'sched' | 'inits' | 'recordsLeftOut'> };

/** What the Go runtime said of itself while the program ran: small pictures that grow, and the lines it printed. */
export function RuntimePane({ fold: { metrics, gc, sched, inits, recordsLeftOut } }: Props) {
  const { t } = useTranslation('findings');
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('runtime')}>
      {metrics.length > 0 && (
        <>
          <div className={css.pictures}>
            {measures.map((measure) => (
              <Picture
                key={measure}
                name={t(`measure.${measure}`)}
                series={seriesOf(measure, metrics)}
                unit={unitOf[measure]}
              />
            ))}
          </div>
          <SampleTable samples={metrics} />
        </>
      )}
      {recordsLeftOut > 0 && <p className={css.leftOut}>{t('recordsLeftOut', { count: recordsLeftOut })}</p>}
      {gc.length > 0 && <GcTable records={gc} />}
      {sched.length > 0 && <SchedRecords records={sched} />}
      {inits.length > 0 && <InitTable records={inits} />}
    </div>
  );
}

function SampleTable({ samples }: { samples: readonly MetricsSample[] }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const amount = useAmount();
  const caption = useCaption();
  const all = measures.map((measure) => ({ measure, series: seriesOf(measure, samples) }));
  const from = Math.max(0, samples.length - ROWS);
  return (
    <details className={css.details}>
      <summary>{t('asTable')}</summary>
      <RecordTable
        caption={caption(t('samples', { count: samples.length }), samples.length, 'lastShown')}
        columns={[t('at'), ...measures.map((measure) => t(`measure.${measure}`))]}
      >
        {samples.slice(from).map((sample, at) => (
          <tr key={from + at}>
            <th scope="row">{t('ms', { n: number(Math.round(sample.atMs)) })}</th>
            {all.map(({ measure, series }) => (
              <td key={measure}>{amount(series.points[from + at]?.[1] ?? 0, unitOf[measure])}</td>
            ))}
          </tr>
        ))}
      </RecordTable>
    </details>
  );
}
