import type { GcRecord } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { RecordTable, ROWS } from './record-table.tsx';
import { useAmount } from './use-amount.ts';
import { useCaption } from './use-caption.ts';

/** The collections of a program, from the lines of `gctrace`. */
export function GcTable({ records }: { records: readonly GcRecord[] }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const amount = useAmount();
  const caption = useCaption();
  const columns = [
    t('gc.number'),
    t('at'),
    t('gc.pauses'),
    t('gc.mark'),
    t('gc.heap'),
    t('gc.goal'),
    t('gc.cpu'),
  ];
  return (
    <RecordTable
      caption={caption(t('collections', { count: records.length }), records.length, 'lastShown')}
      columns={columns}
    >
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
    </RecordTable>
  );
}
