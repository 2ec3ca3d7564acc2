import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { ROWS } from './record-table.tsx';

type Caption = (title: string, count: number, which: 'firstShown' | 'lastShown') => string;

/** What a table is called, and which part of it is shown when it has more rows than that. */
export function useCaption(): Caption {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  return (title, count, which) =>
    count <= ROWS ? title : t('withPart', { title, part: t(which, { shown: number(ROWS) }) });
}
