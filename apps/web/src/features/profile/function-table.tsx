import { formatShare, formatValue } from '@lineage/pprof';
import { useMemo, useState } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import css from './function-table.module.css';
import type { ProfileFacts, ProfileSlice } from './profile-messages.ts';

/** A class looks at the dearest; the others are found by searching. */
const MOST_ROWS = 200;

type Props = {
  facts: ProfileFacts;
  slice: ProfileSlice;
  query: string;
  onOpen: (functionId: number) => void;
};

/** The graph's twin: every function with what it costs, sorted. */
export function FunctionTable({ facts, slice, query, onOpen }: Props) {
  const { t } = useTranslation('profile');
  const { locale } = useFormat();
  const [by, setBy] = useState<'flat' | 'cum'>('flat');
  const { costs, total, type } = slice;
  const unit = facts.sampleTypes[type]?.unit ?? '';
  const rows = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return facts.functions
      .map((name, id) => ({ name, id, flat: costs.flat[id] ?? 0, cum: costs.cum[id] ?? 0 }))
      .filter(
        ({ name, id }) => costs.seen[id] === 1 && words.every((word) => name.toLowerCase().includes(word)),
      )
      .toSorted((a, b) => b[by] - a[by] || b.cum - a.cum);
  }, [facts, costs, query, by]);
  const cell = (value: number): string =>
    `${formatValue(value, unit, locale)} · ${formatShare(total === 0 ? 0 : value / total, locale)}`;
  const head = (name: 'flat' | 'cum') => (
    <th scope="col" aria-sort={by === name ? 'descending' : 'none'}>
      <button type="button" onClick={() => setBy(name)}>
        {t(name)} {by === name ? '↓' : ''}
      </button>
    </th>
  );
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t('table')}>
      <p className={css.hint}>{t('flatHint')}</p>
      <table className={css.table}>
        <thead>
          <tr>
            {head('flat')}
            {head('cum')}
            <th scope="col">{t('function')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ name, id, flat, cum }) => (
            <tr key={id}>
              <td>{cell(flat)}</td>
              <td>{cell(cum)}</td>
              <td className={css.name}>
                <button type="button" onClick={() => onOpen(id)}>
                  {name}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className={css.hint}>{t('moreRows', { count: rows.length - MOST_ROWS })}</p>
      )}
    </div>
  );
}
