import type { InitRecord } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { RecordTable, ROWS } from './record-table.tsx';
import css from './runtime-pane.module.css';
import { useAmount } from './use-amount.ts';
import { useCaption } from './use-caption.ts';

/** What starting took, package by package, from the lines of `inittrace`. The slowest comes first, with a bar to its time. */
export function InitTable({ records }: { records: readonly InitRecord[] }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const amount = useAmount();
  const caption = useCaption();
  const sorted = records.toSorted((one, other) => other.clockMs - one.clockMs);
  const most = Math.max(sorted[0]?.clockMs ?? 0, Number.MIN_VALUE);
  const took = amount(
    records.reduce((sum, { clockMs }) => sum + clockMs, 0),
    'ms',
  );
  const columns = [t('init.package'), t('at'), t('init.took'), t('init.allocated'), t('init.allocs')];
  return (
    <RecordTable
      caption={caption(t('initialised', { count: records.length, took }), records.length, 'firstShown')}
      columns={columns}
    >
      {sorted.slice(0, ROWS).map((record, at) => (
        <tr key={at}>
          <th scope="row" className={css.package}>
            <code>{record.package}</code>
          </th>
          <td>{amount(record.atMs, 'ms')}</td>
          <td className={css.took}>
            {/* Most packages take some microseconds. */}
            {t('ms', { n: number(Math.round(record.clockMs * 1000) / 1000) })}
            <span className={css.bar} style={{ width: `${(record.clockMs / most) * 100}%` }} />
          </td>
          <td>{amount(record.bytes, 'bytes')}</td>
          <td>{number(record.allocs)}</td>
        </tr>
      ))}
    </RecordTable>
  );
}
