import type { SchedRecord } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { Picture } from './picture.tsx';
import { RecordTable, ROWS } from './record-table.tsx';
import css from './runtime-pane.module.css';
import { schedMeasures, schedSeriesOf } from './series.ts';
import { useAmount } from './use-amount.ts';
import { useCaption } from './use-caption.ts';

/** What the scheduler held at one moment after another, from the lines of `schedtrace`: over time, and each line. */
export function SchedRecords({ records }: { records: readonly SchedRecord[] }) {
  const { t } = useTranslation('findings');
  const drawn = schedMeasures.flatMap((measure) => {
    const series = schedSeriesOf(measure, records);
    return series === null ? [] : [{ measure, series }];
  });
  return (
    <>
      {drawn.length > 0 && (
        <div className={css.pictures}>
          {drawn.map(({ measure, series }) => (
            <Picture key={measure} name={t(`sched.measure.${measure}`)} series={series} unit="count" />
          ))}
        </div>
      )}
      <SchedTable records={records} />
    </>
  );
}

function SchedTable({ records }: { records: readonly SchedRecord[] }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const amount = useAmount();
  const caption = useCaption();
  const columns = [
    t('at'),
    t('sched.procs'),
    t('sched.idleProcs'),
    t('sched.threads'),
    t('sched.spinning'),
    t('sched.idleThreads'),
    t('sched.global'),
    t('sched.local'),
  ];
  return (
    <RecordTable
      caption={caption(t('schedRecords', { count: records.length }), records.length, 'lastShown')}
      columns={columns}
    >
      {records.slice(-ROWS).map((record, at) => (
        <tr key={at}>
          <th scope="row">{amount(record.atMs, 'ms')}</th>
          <td>{number(record.gomaxprocs)}</td>
          <td>{number(record.idleProcs)}</td>
          <td>{number(record.threads)}</td>
          <td>{number(record.spinningThreads)}</td>
          <td>{number(record.idleThreads)}</td>
          <td>{number(record.globalQueue)}</td>
          <td className={css.queues}>{record.localQueues.map((queued) => number(queued)).join(' · ')}</td>
        </tr>
      ))}
    </RecordTable>
  );
}
