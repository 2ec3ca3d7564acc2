import { useFormat, useTranslation } from '../../shared/i18n/index.ts';

const SECOND_MS = 1000;

/** Milliseconds as a person reads them: "43 ms", "1.5 s". */
export function useDuration(): (ms: number) => string {
  const { t } = useTranslation('runs');
  const { number } = useFormat();
  return (ms) =>
    ms < SECOND_MS
      ? t('ms', { ms: number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)) })
      : t('s', { s: number(Math.round(ms / 10) / 100) });
}
