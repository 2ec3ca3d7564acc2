import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import type { Unit } from './series.ts';

const KIB = 1024;
const MIB = KIB * KIB;

/** Counts, sizes and times as a person reads them. */
export function useAmount(): (value: number, unit: Unit) => string {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  const short = (value: number): string =>
    number(value >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
  const size = (bytes: number): string => {
    if (bytes >= MIB) return t('mib', { n: short(bytes / MIB) });
    return bytes >= KIB ? t('kib', { n: short(bytes / KIB) }) : t('bytes', { n: short(bytes) });
  };
  return (value, unit) => {
    if (unit === 'count') return number(Math.round(value));
    if (unit === 'ms') return t('ms', { n: short(value) });
    return unit === 'bytes' ? size(value) : t('perSecond', { size: size(value) });
  };
}
